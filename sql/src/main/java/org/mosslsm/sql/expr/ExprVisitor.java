package org.mosslsm.sql.expr;

/** One method a node. Visiting children is the visitor's own business. */
public interface ExprVisitor<R> {
    /** {@link ScalarExpr.ColumnRef}. */
    R columnRef(ScalarExpr.ColumnRef e);

    /** {@link ScalarExpr.Literal}. */
    R literal(ScalarExpr.Literal e);

    /** {@link ScalarExpr.Parameter}. */
    R parameter(ScalarExpr.Parameter e);

    /** {@link ScalarExpr.SlotRef}. */
    R slotRef(ScalarExpr.SlotRef e);

    /** {@link ScalarExpr.Call}. */
    R call(ScalarExpr.Call e);

    /** {@link ScalarExpr.Cast}. */
    R cast(ScalarExpr.Cast e);

    /** {@link ScalarExpr.Compare}. */
    R compare(ScalarExpr.Compare e);

    /** {@link ScalarExpr.DistinctFrom}. */
    R distinctFrom(ScalarExpr.DistinctFrom e);

    /** {@link ScalarExpr.And}. */
    R and(ScalarExpr.And e);

    /** {@link ScalarExpr.Or}. */
    R or(ScalarExpr.Or e);

    /** {@link ScalarExpr.Not}. */
    R not(ScalarExpr.Not e);

    /** {@link ScalarExpr.IsNull}. */
    R isNull(ScalarExpr.IsNull e);

    /** {@link ScalarExpr.IsTruth}. */
    R isTruth(ScalarExpr.IsTruth e);

    /** {@link ScalarExpr.InList}. */
    R inList(ScalarExpr.InList e);

    /** {@link ScalarExpr.Like}. */
    R like(ScalarExpr.Like e);

    /** {@link ScalarExpr.Case}. */
    R caseWhen(ScalarExpr.Case e);

    /** {@link ScalarExpr.Coalesce}. */
    R coalesce(ScalarExpr.Coalesce e);

    /** {@link Subquery.Scalar}. */
    R scalarSubquery(Subquery.Scalar e);

    /** {@link Subquery.Exists}. */
    R exists(Subquery.Exists e);

    /** {@link Subquery.In}. */
    R inSubquery(Subquery.In e);

    /** {@link Subquery.Quantified}. */
    R quantified(Subquery.Quantified e);
}
