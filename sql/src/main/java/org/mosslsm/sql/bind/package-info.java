/**
 * From syntax to meaning: names are resolved against the catalog, types chosen, casts put in, aggregates found. In comes
 * a statement of {@code ast} and a catalog; out goes a {@link org.mosslsm.sql.plan.PlannedStatement} over logical plans,
 * or an error with an SQLSTATE that points into the text.
 *
 * <p>{@link org.mosslsm.sql.bind.Binder} is the door. Inside, one class a matter: names ({@code Scope}, {@code
 * CatalogNames}), expressions ({@code ExpressionBinder}), FROM ({@code RelationBinder}), SELECT ({@code SelectBinder},
 * {@code Grouping}), whole queries ({@code QueryBinder}), changes of rows ({@code ChangeBinder}), of the catalog ({@code
 * DefinitionBinder}).
 */
package org.mosslsm.sql.bind;
