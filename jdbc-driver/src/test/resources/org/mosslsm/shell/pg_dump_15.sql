--
-- PostgreSQL database dump
--

\restrict bb4wncU1ygTXW2FH7ssqxaMtAxlr2xtFnP10mJpY4sexDCn8nTuwoFxFPkKmHfn

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: inv; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA inv;


ALTER SCHEMA inv OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: product; Type: TABLE; Schema: inv; Owner: postgres
--

CREATE TABLE inv.product (
    id integer NOT NULL,
    sku text NOT NULL,
    price numeric(8,2),
    weight double precision,
    photo bytea,
    size real,
    small smallint,
    t time without time zone,
    CONSTRAINT ck CHECK (((price > (0)::numeric) AND (sku <> ''::text)))
);


ALTER TABLE inv.product OWNER TO postgres;

--
-- Name: product_id_seq; Type: SEQUENCE; Schema: inv; Owner: postgres
--

ALTER TABLE inv.product ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME inv.product_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: Mixed Case; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."Mixed Case" (
    "Id" integer NOT NULL,
    "select" text DEFAULT 'it''s'::text
);


ALTER TABLE public."Mixed Case" OWNER TO postgres;

--
-- Name: ticket_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.ticket_seq
    START WITH 100
    INCREMENT BY 5
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.ticket_seq OWNER TO postgres;

--
-- Name: customer; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.customer (
    id integer NOT NULL,
    email character varying(120) NOT NULL,
    name text NOT NULL,
    born date,
    active boolean DEFAULT true NOT NULL,
    credit numeric(10,2) DEFAULT 0,
    meta text,
    created timestamp without time zone DEFAULT now(),
    seen timestamp with time zone,
    code character(5),
    tag uuid DEFAULT gen_random_uuid(),
    ticket bigint DEFAULT nextval('public.ticket_seq'::regclass),
    CONSTRAINT customer_credit_check CHECK ((credit >= (0)::numeric))
);


ALTER TABLE public.customer OWNER TO postgres;

--
-- Name: TABLE customer; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.customer IS 'who buys; pays';


--
-- Name: COLUMN customer.credit; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.customer.credit IS 'in euro';


--
-- Name: order_line; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.order_line (
    order_id bigint NOT NULL,
    line smallint NOT NULL,
    product_id integer,
    qty integer DEFAULT 1,
    note text,
    CONSTRAINT order_line_qty_check CHECK (((qty >= 1) AND (qty <= 100)))
);


ALTER TABLE public.order_line OWNER TO postgres;

--
-- Name: orders; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.orders (
    id bigint NOT NULL,
    customer_id integer NOT NULL,
    status character varying(10) DEFAULT 'new'::character varying,
    placed timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT orders_status_check CHECK (((status)::text = ANY ((ARRAY['new'::character varying, 'paid'::character varying, 'shipped'::character varying])::text[])))
);


ALTER TABLE public.orders OWNER TO postgres;

--
-- Name: big_spender; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.big_spender AS
 SELECT c.id,
    c.name,
    count(*) AS n,
    sum(((l.qty)::numeric * p.price)) AS total
   FROM (((public.customer c
     JOIN public.orders o ON ((o.customer_id = c.id)))
     JOIN public.order_line l ON ((l.order_id = o.id)))
     LEFT JOIN inv.product p ON ((p.id = l.product_id)))
  WHERE (c.active AND (c.name ~~ 'A%'::text))
  GROUP BY c.id, c.name
 HAVING (count(*) > 0);


ALTER TABLE public.big_spender OWNER TO postgres;

--
-- Name: customer_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.customer_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.customer_id_seq OWNER TO postgres;

--
-- Name: customer_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.customer_id_seq OWNED BY public.customer.id;


--
-- Name: empty_one; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.empty_one (
    a integer,
    b text
);


ALTER TABLE public.empty_one OWNER TO postgres;

--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.orders_id_seq
    START WITH 1000
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customer id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.customer ALTER COLUMN id SET DEFAULT nextval('public.customer_id_seq'::regclass);


--
-- Data for Name: product; Type: TABLE DATA; Schema: inv; Owner: postgres
--

COPY inv.product (id, sku, price, weight, photo, size, small, t) FROM stdin;
1	S1	9.99	1.5	\\xdeadbeef	0.1	7	10:11:12
2	S2	5.00	NaN	\N	\N	\N	\N
\.


--
-- Data for Name: Mixed Case; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."Mixed Case" ("Id", "select") FROM stdin;
1	q'q
\.


--
-- Data for Name: customer; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.customer (id, email, name, born, active, credit, meta, created, seen, code, tag, ticket) FROM stdin;
1	a@x	Ann	1990-01-02	t	10.50	tab\there\nnewline\\backslash	2026-11-28 12:23:18.525871	2024-01-01 08:00:00+00	ab   	a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11	100
2	b@x	Bob	\N	f	0.00		2026-11-28 12:23:18.525871	\N	\N	a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12	105
\.


--
-- Data for Name: empty_one; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.empty_one (a, b) FROM stdin;
\.


--
-- Data for Name: order_line; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.order_line (order_id, line, product_id, qty, note) FROM stdin;
1000	1	1	2	a;b
1000	2	2	3	\\.
1001	1	1	1	\N
\.


--
-- Data for Name: orders; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.orders (id, customer_id, status, placed) FROM stdin;
1000	1	paid	2026-11-28 12:23:18.534
1001	2	new	2026-11-28 12:23:18.534
\.


--
-- Name: product_id_seq; Type: SEQUENCE SET; Schema: inv; Owner: postgres
--

SELECT pg_catalog.setval('inv.product_id_seq', 2, true);


--
-- Name: customer_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.customer_id_seq', 2, true);


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.orders_id_seq', 1001, true);


--
-- Name: ticket_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.ticket_seq', 105, true);


--
-- Name: product product_pkey; Type: CONSTRAINT; Schema: inv; Owner: postgres
--

ALTER TABLE ONLY inv.product
    ADD CONSTRAINT product_pkey PRIMARY KEY (id);


--
-- Name: product product_sku_key; Type: CONSTRAINT; Schema: inv; Owner: postgres
--

ALTER TABLE ONLY inv.product
    ADD CONSTRAINT product_sku_key UNIQUE (sku);


--
-- Name: Mixed Case Mixed Case_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."Mixed Case"
    ADD CONSTRAINT "Mixed Case_pkey" PRIMARY KEY ("Id");


--
-- Name: customer customer_email_key; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.customer
    ADD CONSTRAINT customer_email_key UNIQUE (email);


--
-- Name: customer customer_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (id);


--
-- Name: order_line order_line_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.order_line
    ADD CONSTRAINT order_line_pkey PRIMARY KEY (order_id, line);


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: customer_born; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX customer_born ON public.customer USING btree (born DESC NULLS LAST);


--
-- Name: customer_cov; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX customer_cov ON public.customer USING btree (code) INCLUDE (name);


--
-- Name: customer_name_active; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX customer_name_active ON public.customer USING btree (name) WHERE active;


--
-- Name: orders_by_customer; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX orders_by_customer ON public.orders USING btree (customer_id, placed DESC);


--
-- Name: INDEX orders_by_customer; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.orders_by_customer IS 'x';


--
-- Name: order_line order_line_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.order_line
    ADD CONSTRAINT order_line_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- Name: order_line order_line_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.order_line
    ADD CONSTRAINT order_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES inv.product(id);


--
-- Name: orders orders_customer_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customer(id) ON UPDATE SET NULL ON DELETE CASCADE;


--
-- Name: TABLE customer; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.customer TO bob;


--
-- PostgreSQL database dump complete
--

\unrestrict bb4wncU1ygTXW2FH7ssqxaMtAxlr2xtFnP10mJpY4sexDCn8nTuwoFxFPkKmHfn

