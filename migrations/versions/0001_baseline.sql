CREATE FUNCTION foyer_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN clock_timestamp() + coalesce(nullif(current_setting('app.clock_offset', true), '')::interval, interval '0')
;
CREATE TABLE facts (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	type TEXT COLLATE "C" NOT NULL,
	subject_id UUID NOT NULL,
	actor_kind TEXT COLLATE "C" NOT NULL,
	actor_id UUID,
	body JSONB NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_facts PRIMARY KEY (organization_id, id),
	CONSTRAINT ck_facts_type CHECK (type <> '')
)
;
CREATE INDEX ix_facts_subject_id_id ON facts (organization_id, subject_id, id)
;
CREATE TABLE idempotency (
	organization_id UUID NOT NULL,
	actor_hash BYTEA NOT NULL,
	idempotency_key TEXT COLLATE "C" NOT NULL,
	body_hash BYTEA NOT NULL,
	resource_id UUID NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_idempotency PRIMARY KEY (organization_id, actor_hash, idempotency_key),
	CONSTRAINT ck_idempotency_idempotency_key CHECK (length(idempotency_key) BETWEEN 1 AND 255),
	CONSTRAINT ck_idempotency_hashes CHECK (octet_length(actor_hash) = 32 AND octet_length(body_hash) = 32)
)
;
CREATE TABLE installation (
	id SMALLINT NOT NULL,
	canary BYTEA NOT NULL,
	CONSTRAINT pk_installation PRIMARY KEY (id),
	CONSTRAINT ck_installation_single CHECK (id = 1)
)
;
CREATE TABLE organizations (
	id UUID NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT,
	website TEXT,
	address JSONB,
	logo TEXT,
	plan TEXT DEFAULT 'free' NOT NULL,
	subscription_id TEXT,
	deleted_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_organizations PRIMARY KEY (id),
	CONSTRAINT ck_organizations_name CHECK (name <> ''),
	CONSTRAINT ck_organizations_plan CHECK (plan IN ('free', 'basic', 'pro', 'enterprise'))
)
;
CREATE TABLE customers (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	email TEXT NOT NULL,
	email_key TEXT COLLATE "C" NOT NULL,
	first_name TEXT,
	last_name TEXT,
	phone TEXT,
	address JSONB,
	marketing BOOLEAN DEFAULT false NOT NULL,
	marketing_at TIMESTAMP WITH TIME ZONE,
	erased_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_customers PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_customers_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT ck_customers_email_key CHECK (email_key <> ''),
	CONSTRAINT ck_customers_marketing CHECK (marketing = (marketing_at IS NOT NULL))
)
;
CREATE UNIQUE INDEX uq_customers_email_key ON customers (organization_id, email_key) WHERE erased_at IS NULL
;
CREATE TABLE organization_settings (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	default_currency TEXT DEFAULT 'EUR' NOT NULL,
	email_notifications BOOLEAN DEFAULT true NOT NULL,
	primary_color TEXT,
	secondary_color TEXT,
	allow_guest_checkout BOOLEAN DEFAULT true NOT NULL,
	service_fee_bps INTEGER DEFAULT 0 NOT NULL,
	service_fee_fixed BIGINT DEFAULT 0 NOT NULL,
	ticket_transfers_enabled BOOLEAN DEFAULT true NOT NULL,
	refund_policy TEXT,
	privacy_policy_url TEXT,
	terms_of_service_url TEXT,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_organization_settings PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_organization_settings_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT uq_organization_settings_organization_id UNIQUE (organization_id),
	CONSTRAINT ck_organization_settings_default_currency CHECK (default_currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_organization_settings_primary_color CHECK (primary_color ~ '^#[0-9a-f]{6}$'),
	CONSTRAINT ck_organization_settings_secondary_color CHECK (secondary_color ~ '^#[0-9a-f]{6}$'),
	CONSTRAINT ck_organization_settings_service_fee_bps CHECK (service_fee_bps BETWEEN 0 AND 10000),
	CONSTRAINT ck_organization_settings_service_fee_fixed CHECK (service_fee_fixed BETWEEN 0 AND 1000000000000)
)
;
CREATE TABLE organization_slugs (
	slug TEXT COLLATE "C" NOT NULL,
	organization_id UUID NOT NULL,
	current BOOLEAN NOT NULL,
	CONSTRAINT pk_organization_slugs PRIMARY KEY (slug),
	CONSTRAINT fk_organization_slugs_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT ck_organization_slugs_slug CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')
)
;
CREATE INDEX ix_organization_slugs_organization_id ON organization_slugs (organization_id)
;
CREATE UNIQUE INDEX uq_organization_slugs_current ON organization_slugs (organization_id) WHERE current
;
CREATE TABLE pools (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	capacity INTEGER NOT NULL,
	held INTEGER DEFAULT 0 NOT NULL,
	sold INTEGER DEFAULT 0 NOT NULL,
	CONSTRAINT pk_pools PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_pools_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT ck_pools_capacity CHECK (capacity BETWEEN 0 AND 2000000000),
	CONSTRAINT ck_pools_held CHECK (held >= 0),
	CONSTRAINT ck_pools_sold CHECK (sold >= 0),
	CONSTRAINT ck_pools_never_oversold CHECK (held::bigint + sold <= capacity)
)
 WITH (fillfactor = 50)
;
CREATE TABLE signing_keys (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	key_id BIGINT NOT NULL,
	public_key BYTEA NOT NULL,
	sealed_private_key BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	retired_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_signing_keys PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_signing_keys_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT uq_signing_keys_organization_id_key_id UNIQUE (organization_id, key_id),
	CONSTRAINT ck_signing_keys_key_id CHECK (key_id BETWEEN 0 AND 4294967295),
	CONSTRAINT ck_signing_keys_public_key CHECK (octet_length(public_key) = 32)
)
;
CREATE UNIQUE INDEX uq_signing_keys_current ON signing_keys (organization_id) WHERE retired_at IS NULL
;
CREATE TABLE users (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	avatar TEXT,
	role TEXT NOT NULL,
	permissions TEXT[] DEFAULT '{}' NOT NULL,
	status TEXT DEFAULT 'pending' NOT NULL,
	last_active TIMESTAMP WITH TIME ZONE,
	deleted_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_users PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_users_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT ck_users_name CHECK (name <> ''),
	CONSTRAINT ck_users_role CHECK (role IN ('owner', 'admin', 'manager', 'support', 'analyst')),
	CONSTRAINT ck_users_status CHECK (status IN ('pending', 'active', 'inactive'))
)
;
CREATE UNIQUE INDEX uq_users_email ON users (organization_id, lower(email)) WHERE deleted_at IS NULL
;
CREATE TABLE api_keys (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	user_id UUID NOT NULL,
	name TEXT NOT NULL,
	token_hash BYTEA NOT NULL,
	scopes TEXT[] NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE,
	revoked_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_api_keys PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_api_keys_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_api_keys_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id),
	CONSTRAINT uq_api_keys_organization_id_token_hash UNIQUE (organization_id, token_hash),
	CONSTRAINT ck_api_keys_name CHECK (name <> ''),
	CONSTRAINT ck_api_keys_token_hash CHECK (octet_length(token_hash) = 32)
)
;
CREATE INDEX ix_api_keys_token_hash ON api_keys (token_hash)
;
CREATE INDEX ix_api_keys_user_id ON api_keys (organization_id, user_id)
;
CREATE TABLE devices (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	user_id UUID NOT NULL,
	name TEXT NOT NULL,
	token_hash BYTEA NOT NULL,
	all_events BOOLEAN DEFAULT false NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_devices PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_devices_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_devices_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id),
	CONSTRAINT uq_devices_organization_id_token_hash UNIQUE (organization_id, token_hash),
	CONSTRAINT ck_devices_name CHECK (name <> ''),
	CONSTRAINT ck_devices_token_hash CHECK (octet_length(token_hash) = 32)
)
;
CREATE INDEX ix_devices_token_hash ON devices (token_hash)
;
CREATE INDEX ix_devices_user_id ON devices (organization_id, user_id)
;
CREATE TABLE events (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	pool_id UUID NOT NULL,
	slug TEXT COLLATE "C" NOT NULL,
	title TEXT NOT NULL,
	description TEXT NOT NULL,
	short_description TEXT,
	category TEXT NOT NULL,
	start_date DATE NOT NULL,
	end_date DATE NOT NULL,
	start_time TIME(0) WITHOUT TIME ZONE NOT NULL,
	end_time TIME(0) WITHOUT TIME ZONE NOT NULL,
	time_zone TEXT NOT NULL,
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	location_type TEXT DEFAULT 'physical' NOT NULL,
	venue_name TEXT,
	address TEXT,
	city TEXT,
	state TEXT,
	zip_code TEXT,
	country TEXT,
	virtual_event_url TEXT,
	featured_image TEXT,
	gallery_images TEXT[] DEFAULT '{}' NOT NULL,
	status TEXT DEFAULT 'draft' NOT NULL,
	visibility TEXT DEFAULT 'public' NOT NULL,
	currency TEXT NOT NULL,
	sales_start_date TIMESTAMP WITH TIME ZONE,
	sales_end_date TIMESTAMP WITH TIME ZONE,
	service_fee_bps INTEGER,
	service_fee_fixed BIGINT,
	seo_title TEXT,
	seo_description TEXT,
	tags TEXT[] DEFAULT '{}' NOT NULL,
	created_by UUID NOT NULL,
	updated_by UUID NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE,
	cancelled_at TIMESTAMP WITH TIME ZONE,
	deleted_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_events PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_events_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_events_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pools (organization_id, id),
	CONSTRAINT fk_events_organization_id_created_by FOREIGN KEY(organization_id, created_by) REFERENCES users (organization_id, id),
	CONSTRAINT fk_events_organization_id_updated_by FOREIGN KEY(organization_id, updated_by) REFERENCES users (organization_id, id),
	CONSTRAINT ck_events_title CHECK (title <> '' AND length(title) <= 200),
	CONSTRAINT ck_events_category CHECK (category <> ''),
	CONSTRAINT ck_events_slug CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
	CONSTRAINT ck_events_order_of_time CHECK (ends_at >= starts_at),
	CONSTRAINT ck_events_order_of_days CHECK (end_date >= start_date),
	CONSTRAINT ck_events_order_of_sales CHECK (sales_end_date >= sales_start_date),
	CONSTRAINT ck_events_sales_end_before_event CHECK (sales_end_date <= ends_at),
	CONSTRAINT ck_events_location_type CHECK (location_type IN ('physical', 'virtual', 'hybrid')),
	CONSTRAINT ck_events_status CHECK (status IN ('draft', 'published', 'cancelled', 'completed')),
	CONSTRAINT ck_events_visibility CHECK (visibility IN ('public', 'private', 'unlisted')),
	CONSTRAINT ck_events_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_events_country CHECK (country ~ '^[A-Z]{2}$'),
	CONSTRAINT ck_events_service_fee_bps CHECK (service_fee_bps BETWEEN 0 AND 10000),
	CONSTRAINT ck_events_service_fee_fixed CHECK (service_fee_fixed BETWEEN 0 AND 1000000000000)
)
;
CREATE INDEX ix_events_created_by ON events (organization_id, created_by)
;
CREATE INDEX ix_events_ending ON events (ends_at) WHERE status = 'published' AND deleted_at IS NULL
;
CREATE INDEX ix_events_status_starts_at ON events (organization_id, status, starts_at)
;
CREATE INDEX ix_events_updated_by ON events (organization_id, updated_by)
;
CREATE UNIQUE INDEX uq_events_pool_id ON events (organization_id, pool_id)
;
CREATE UNIQUE INDEX uq_events_slug ON events (organization_id, slug) WHERE deleted_at IS NULL
;
CREATE TABLE carts (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	user_id UUID,
	customer_id UUID,
	session_id TEXT COLLATE "C" NOT NULL,
	status TEXT DEFAULT 'active' NOT NULL,
	email TEXT,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	currency TEXT NOT NULL,
	subtotal BIGINT NOT NULL,
	discount_amount BIGINT DEFAULT 0 NOT NULL,
	fees BIGINT NOT NULL,
	taxes BIGINT DEFAULT 0 NOT NULL,
	total BIGINT NOT NULL,
	actor_hash BYTEA,
	idempotency_key TEXT COLLATE "C",
	body_hash BYTEA,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_carts PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_carts_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_carts_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id),
	CONSTRAINT fk_carts_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id),
	CONSTRAINT fk_carts_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
	CONSTRAINT uq_carts_organization_id_event_id_id UNIQUE (organization_id, event_id, id),
	CONSTRAINT ck_carts_status CHECK (status IN ('active', 'abandoned', 'converted', 'expired')),
	CONSTRAINT ck_carts_expires_at CHECK (expires_at > created_at),
	CONSTRAINT ck_carts_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_carts_not_negative CHECK (subtotal >= 0 AND fees >= 0 AND taxes >= 0 AND total >= 0),
	CONSTRAINT ck_carts_discount_amount CHECK (discount_amount BETWEEN 0 AND subtotal),
	CONSTRAINT ck_carts_adds_up CHECK (total = subtotal - discount_amount + fees + taxes),
	CONSTRAINT ck_carts_idempotency CHECK ((idempotency_key IS NULL) = (actor_hash IS NULL) AND (idempotency_key IS NULL) = (body_hash IS NULL)),
	CONSTRAINT ck_carts_idempotency_key CHECK (length(idempotency_key) BETWEEN 1 AND 255)
)
;
CREATE INDEX ix_carts_customer_id ON carts (organization_id, customer_id) WHERE customer_id IS NOT NULL
;
CREATE INDEX ix_carts_due ON carts (expires_at) WHERE status = 'active'
;
CREATE INDEX ix_carts_user_id ON carts (organization_id, user_id) WHERE user_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_carts_idempotency_key ON carts (organization_id, actor_hash, idempotency_key) WHERE idempotency_key IS NOT NULL
;
CREATE UNIQUE INDEX uq_carts_session ON carts (organization_id, event_id, session_id) WHERE status = 'active'
;
CREATE TABLE device_events (
	organization_id UUID NOT NULL,
	device_id UUID NOT NULL,
	event_id UUID NOT NULL,
	CONSTRAINT pk_device_events PRIMARY KEY (organization_id, device_id, event_id),
	CONSTRAINT fk_device_events_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_device_events_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES devices (organization_id, id),
	CONSTRAINT fk_device_events_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
)
;
CREATE INDEX ix_device_events_event_id ON device_events (organization_id, event_id)
;
CREATE TABLE ticket_types (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	pool_id UUID NOT NULL,
	name TEXT NOT NULL,
	description TEXT,
	price BIGINT NOT NULL,
	min_per_order INTEGER DEFAULT 1 NOT NULL,
	max_per_order INTEGER DEFAULT 10 NOT NULL,
	sales_start_date TIMESTAMP WITH TIME ZONE,
	sales_end_date TIMESTAMP WITH TIME ZONE,
	is_hidden BOOLEAN DEFAULT false NOT NULL,
	requires_approval BOOLEAN DEFAULT false NOT NULL,
	sort_order INTEGER DEFAULT 0 NOT NULL,
	metadata JSONB DEFAULT '{}' NOT NULL,
	deleted_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_ticket_types PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_ticket_types_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_ticket_types_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id),
	CONSTRAINT fk_ticket_types_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pools (organization_id, id),
	CONSTRAINT uq_ticket_types_organization_id_event_id_id UNIQUE (organization_id, event_id, id),
	CONSTRAINT ck_ticket_types_name CHECK (name <> ''),
	CONSTRAINT ck_ticket_types_price CHECK (price BETWEEN 0 AND 1000000000000),
	CONSTRAINT ck_ticket_types_min_per_order CHECK (min_per_order >= 1),
	CONSTRAINT ck_ticket_types_max_per_order CHECK (max_per_order >= min_per_order),
	CONSTRAINT ck_ticket_types_order_of_sales CHECK (sales_end_date >= sales_start_date)
)
;
CREATE UNIQUE INDEX uq_ticket_types_name ON ticket_types (organization_id, event_id, lower(name)) WHERE deleted_at IS NULL
;
CREATE UNIQUE INDEX uq_ticket_types_pool_id ON ticket_types (organization_id, pool_id)
;
CREATE TABLE cart_items (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	cart_id UUID NOT NULL,
	event_id UUID NOT NULL,
	ticket_type_id UUID,
	type TEXT DEFAULT 'ticket' NOT NULL,
	name TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	unit_price BIGINT NOT NULL,
	unit_fee BIGINT NOT NULL,
	subtotal BIGINT NOT NULL,
	metadata JSONB DEFAULT '{}' NOT NULL,
	CONSTRAINT pk_cart_items PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_cart_items_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_cart_items_organization_id_event_id_cart_id FOREIGN KEY(organization_id, event_id, cart_id) REFERENCES carts (organization_id, event_id, id) ON DELETE CASCADE,
	CONSTRAINT fk_cart_items_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id),
	CONSTRAINT uq_cart_items_organization_id_cart_id_ticket_type_id UNIQUE (organization_id, cart_id, ticket_type_id),
	CONSTRAINT ck_cart_items_type CHECK (type IN ('ticket', 'merchandise', 'fee')),
	CONSTRAINT ck_cart_items_ticket_type_id CHECK ((type = 'ticket') = (ticket_type_id IS NOT NULL)),
	CONSTRAINT ck_cart_items_quantity CHECK (quantity >= 1),
	CONSTRAINT ck_cart_items_not_negative CHECK (unit_price >= 0 AND unit_fee >= 0),
	CONSTRAINT ck_cart_items_subtotal CHECK (subtotal = quantity * unit_price)
)
;
CREATE INDEX ix_cart_items_event_id_ticket_type_id ON cart_items (organization_id, event_id, ticket_type_id)
;
CREATE TABLE orders (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	user_id UUID,
	customer_id UUID NOT NULL,
	cart_id UUID NOT NULL,
	order_number TEXT COLLATE "C" NOT NULL,
	customer JSONB NOT NULL,
	status TEXT NOT NULL,
	payment_id TEXT,
	payment_method TEXT NOT NULL,
	payment_status TEXT NOT NULL,
	refunded_amount BIGINT DEFAULT 0 NOT NULL,
	notes TEXT,
	expires_at TIMESTAMP WITH TIME ZONE,
	generation INTEGER DEFAULT 1 NOT NULL,
	currency TEXT NOT NULL,
	subtotal BIGINT NOT NULL,
	discount_amount BIGINT DEFAULT 0 NOT NULL,
	fees BIGINT NOT NULL,
	taxes BIGINT DEFAULT 0 NOT NULL,
	total BIGINT NOT NULL,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_orders PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_orders_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_orders_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id),
	CONSTRAINT fk_orders_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id),
	CONSTRAINT fk_orders_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
	CONSTRAINT fk_orders_organization_id_event_id_cart_id FOREIGN KEY(organization_id, event_id, cart_id) REFERENCES carts (organization_id, event_id, id),
	CONSTRAINT uq_orders_organization_id_event_id_id UNIQUE (organization_id, event_id, id),
	CONSTRAINT uq_orders_organization_id_cart_id UNIQUE (organization_id, cart_id),
	CONSTRAINT uq_orders_organization_id_order_number UNIQUE (organization_id, order_number),
	CONSTRAINT ck_orders_order_number CHECK (order_number ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
	CONSTRAINT ck_orders_status CHECK (status IN ('pending', 'confirmed', 'cancelled', 'refunded', 'partial_refund')),
	CONSTRAINT ck_orders_payment_status CHECK (payment_status IN ('pending', 'paid', 'failed', 'refunded', 'partial_refund')),
	CONSTRAINT ck_orders_refunded_amount CHECK (refunded_amount BETWEEN 0 AND total),
	CONSTRAINT ck_orders_pending_expires CHECK (status <> 'pending' OR expires_at IS NOT NULL),
	CONSTRAINT ck_orders_generation CHECK (generation >= 1),
	CONSTRAINT ck_orders_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_orders_not_negative CHECK (subtotal >= 0 AND fees >= 0 AND taxes >= 0 AND total >= 0),
	CONSTRAINT ck_orders_discount_amount CHECK (discount_amount BETWEEN 0 AND subtotal),
	CONSTRAINT ck_orders_adds_up CHECK (total = subtotal - discount_amount + fees + taxes)
)
;
CREATE INDEX ix_orders_customer_id ON orders (organization_id, customer_id)
;
CREATE INDEX ix_orders_due ON orders (expires_at) WHERE status = 'pending'
;
CREATE INDEX ix_orders_status_id ON orders (organization_id, status, id)
;
CREATE INDEX ix_orders_user_id ON orders (organization_id, user_id) WHERE user_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_orders_payment_id ON orders (organization_id, payment_method, payment_id) WHERE payment_id IS NOT NULL
;
CREATE TABLE ticket_type_pools (
	organization_id UUID NOT NULL,
	ticket_type_id UUID NOT NULL,
	pool_id UUID NOT NULL,
	event_id UUID NOT NULL,
	CONSTRAINT pk_ticket_type_pools PRIMARY KEY (organization_id, ticket_type_id, pool_id),
	CONSTRAINT fk_ticket_type_pools_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_ticket_type_pools_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id),
	CONSTRAINT fk_ticket_type_pools_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pools (organization_id, id)
)
;
CREATE INDEX ix_ticket_type_pools_event_id_ticket_type_id ON ticket_type_pools (organization_id, event_id, ticket_type_id)
;
CREATE INDEX ix_ticket_type_pools_pool_id ON ticket_type_pools (organization_id, pool_id)
;
CREATE TABLE order_items (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	event_id UUID NOT NULL,
	ticket_type_id UUID,
	type TEXT DEFAULT 'ticket' NOT NULL,
	name TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	unit_price BIGINT NOT NULL,
	unit_fee BIGINT NOT NULL,
	subtotal BIGINT NOT NULL,
	metadata JSONB DEFAULT '{}' NOT NULL,
	CONSTRAINT pk_order_items PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_order_items_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_order_items_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id),
	CONSTRAINT fk_order_items_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id),
	CONSTRAINT uq_order_items_organization_id_event_id_id UNIQUE (organization_id, event_id, id),
	CONSTRAINT ck_order_items_type CHECK (type IN ('ticket', 'merchandise', 'fee')),
	CONSTRAINT ck_order_items_ticket_type_id CHECK ((type = 'ticket') = (ticket_type_id IS NOT NULL)),
	CONSTRAINT ck_order_items_quantity CHECK (quantity >= 1),
	CONSTRAINT ck_order_items_not_negative CHECK (unit_price >= 0 AND unit_fee >= 0),
	CONSTRAINT ck_order_items_subtotal CHECK (subtotal = quantity * unit_price)
)
;
CREATE INDEX ix_order_items_event_id_ticket_type_id ON order_items (organization_id, event_id, ticket_type_id)
;
CREATE INDEX ix_order_items_order_id ON order_items (organization_id, order_id)
;
CREATE TABLE tickets (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	ticket_type_id UUID NOT NULL,
	order_id UUID NOT NULL,
	order_item_id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	generation INTEGER DEFAULT 1 NOT NULL,
	status TEXT DEFAULT 'valid' NOT NULL,
	attendee_info JSONB,
	checked_in_at TIMESTAMP WITH TIME ZONE,
	checked_in_by_user_id UUID,
	checked_in_by_device_id UUID,
	transferred_at TIMESTAMP WITH TIME ZONE,
	transferred_from UUID,
	transferred_to UUID,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_tickets PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_tickets_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_tickets_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id),
	CONSTRAINT fk_tickets_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id),
	CONSTRAINT fk_tickets_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id),
	CONSTRAINT fk_tickets_organization_id_event_id_order_item_id FOREIGN KEY(organization_id, event_id, order_item_id) REFERENCES order_items (organization_id, event_id, id),
	CONSTRAINT fk_tickets_organization_id_checked_in_by_user_id FOREIGN KEY(organization_id, checked_in_by_user_id) REFERENCES users (organization_id, id),
	CONSTRAINT fk_tickets_organization_id_checked_in_by_device_id FOREIGN KEY(organization_id, checked_in_by_device_id) REFERENCES devices (organization_id, id),
	CONSTRAINT fk_tickets_organization_id_transferred_from FOREIGN KEY(organization_id, transferred_from) REFERENCES customers (organization_id, id),
	CONSTRAINT fk_tickets_organization_id_transferred_to FOREIGN KEY(organization_id, transferred_to) REFERENCES customers (organization_id, id),
	CONSTRAINT uq_tickets_organization_id_code UNIQUE (organization_id, code),
	CONSTRAINT ck_tickets_code CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
	CONSTRAINT ck_tickets_status CHECK (status IN ('valid', 'used', 'cancelled', 'refunded')),
	CONSTRAINT ck_tickets_generation CHECK (generation >= 1),
	CONSTRAINT ck_tickets_used_at CHECK (status <> 'used' OR checked_in_at IS NOT NULL),
	CONSTRAINT ck_tickets_checked_in_by CHECK (checked_in_at IS NULL OR num_nonnulls(checked_in_by_user_id, checked_in_by_device_id) = 1),
	CONSTRAINT ck_tickets_transferred CHECK ((transferred_at IS NULL) = (transferred_to IS NULL))
)
 WITH (fillfactor = 90)
;
CREATE INDEX ix_tickets_checked_in_by_device_id ON tickets (organization_id, checked_in_by_device_id) WHERE checked_in_by_device_id IS NOT NULL
;
CREATE INDEX ix_tickets_checked_in_by_user_id ON tickets (organization_id, checked_in_by_user_id) WHERE checked_in_by_user_id IS NOT NULL
;
CREATE INDEX ix_tickets_event_id_ticket_type_id ON tickets (organization_id, event_id, ticket_type_id)
;
CREATE INDEX ix_tickets_order_id ON tickets (organization_id, order_id)
;
CREATE INDEX ix_tickets_order_item_id ON tickets (organization_id, order_item_id)
;
CREATE INDEX ix_tickets_transferred_from ON tickets (organization_id, transferred_from) WHERE transferred_from IS NOT NULL
;
CREATE INDEX ix_tickets_transferred_to ON tickets (organization_id, transferred_to) WHERE transferred_to IS NOT NULL
;
CREATE TABLE scans (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	ticket_id UUID,
	device_id UUID,
	user_id UUID,
	scan_id UUID,
	result TEXT NOT NULL,
	presented_hash BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT pk_scans PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_scans_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id),
	CONSTRAINT fk_scans_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id),
	CONSTRAINT fk_scans_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES tickets (organization_id, id),
	CONSTRAINT fk_scans_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES devices (organization_id, id),
	CONSTRAINT fk_scans_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id),
	CONSTRAINT ck_scans_result CHECK (result IN ('admitted', 'already_used', 'cancelled', 'refunded', 'wrong_event', 'unknown', 'tampered', 'superseded')),
	CONSTRAINT ck_scans_scanned_by CHECK (num_nonnulls(device_id, user_id) = 1),
	CONSTRAINT ck_scans_ticket_id CHECK ((ticket_id IS NULL) = (result IN ('unknown', 'tampered'))),
	CONSTRAINT ck_scans_presented_hash CHECK (octet_length(presented_hash) = 32)
)
;
CREATE INDEX ix_scans_event_id_id ON scans (organization_id, event_id, id)
;
CREATE INDEX ix_scans_ticket_id ON scans (organization_id, ticket_id) WHERE ticket_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_scans_device_scan ON scans (organization_id, device_id, scan_id) WHERE device_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_scans_user_scan ON scans (organization_id, user_id, scan_id) WHERE user_id IS NOT NULL
;
ALTER TABLE facts ENABLE ROW LEVEL SECURITY
;
ALTER TABLE facts FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON facts TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON facts TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON facts TO foyer_app
;
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY
;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON idempotency TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON idempotency TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO foyer_app
;
GRANT SELECT, INSERT ON installation TO foyer_app
;
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY
;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON organizations TO foyer_app USING (id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON organizations TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (id) ON organizations TO foyer_lookup
;
CREATE POLICY lookup ON organizations FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON organizations TO foyer_app
;
ALTER TABLE customers ENABLE ROW LEVEL SECURITY
;
ALTER TABLE customers FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON customers TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON customers TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON customers TO foyer_app
;
ALTER TABLE organization_settings ENABLE ROW LEVEL SECURITY
;
ALTER TABLE organization_settings FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON organization_settings TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON organization_settings TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON organization_settings TO foyer_app
;
ALTER TABLE organization_slugs ENABLE ROW LEVEL SECURITY
;
ALTER TABLE organization_slugs FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON organization_slugs TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON organization_slugs TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (slug, organization_id) ON organization_slugs TO foyer_lookup
;
CREATE POLICY lookup ON organization_slugs FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON organization_slugs TO foyer_app
;
ALTER TABLE pools ENABLE ROW LEVEL SECURITY
;
ALTER TABLE pools FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON pools TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON pools TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON pools TO foyer_app
;
ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY
;
ALTER TABLE signing_keys FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON signing_keys TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON signing_keys TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON signing_keys TO foyer_app
;
ALTER TABLE users ENABLE ROW LEVEL SECURITY
;
ALTER TABLE users FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON users TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON users TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON users TO foyer_app
;
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY
;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON api_keys TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON api_keys TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, token_hash) ON api_keys TO foyer_lookup
;
CREATE POLICY lookup ON api_keys FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON api_keys TO foyer_app
;
ALTER TABLE devices ENABLE ROW LEVEL SECURITY
;
ALTER TABLE devices FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON devices TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON devices TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, token_hash) ON devices TO foyer_lookup
;
CREATE POLICY lookup ON devices FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON devices TO foyer_app
;
ALTER TABLE events ENABLE ROW LEVEL SECURITY
;
ALTER TABLE events FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON events TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON events TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, status, deleted_at, ends_at) ON events TO foyer_lookup
;
CREATE POLICY lookup ON events FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON events TO foyer_app
;
ALTER TABLE carts ENABLE ROW LEVEL SECURITY
;
ALTER TABLE carts FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON carts TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON carts TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, event_id, status, expires_at) ON carts TO foyer_lookup
;
CREATE POLICY lookup ON carts FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE, DELETE ON carts TO foyer_app
;
ALTER TABLE device_events ENABLE ROW LEVEL SECURITY
;
ALTER TABLE device_events FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON device_events TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON device_events TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON device_events TO foyer_app
;
ALTER TABLE ticket_types ENABLE ROW LEVEL SECURITY
;
ALTER TABLE ticket_types FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON ticket_types TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON ticket_types TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON ticket_types TO foyer_app
;
ALTER TABLE cart_items ENABLE ROW LEVEL SECURITY
;
ALTER TABLE cart_items FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON cart_items TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON cart_items TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON cart_items TO foyer_app
;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY
;
ALTER TABLE orders FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON orders TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON orders TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON orders TO foyer_app
;
ALTER TABLE ticket_type_pools ENABLE ROW LEVEL SECURITY
;
ALTER TABLE ticket_type_pools FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON ticket_type_pools TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON ticket_type_pools TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_type_pools TO foyer_app
;
ALTER TABLE order_items ENABLE ROW LEVEL SECURITY
;
ALTER TABLE order_items FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON order_items TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON order_items TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON order_items TO foyer_app
;
ALTER TABLE tickets ENABLE ROW LEVEL SECURITY
;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON tickets TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON tickets TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON tickets TO foyer_app
;
ALTER TABLE scans ENABLE ROW LEVEL SECURITY
;
ALTER TABLE scans FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON scans TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON scans TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON scans TO foyer_app
;
CREATE SCHEMA lookups
;
GRANT USAGE, CREATE ON SCHEMA lookups TO foyer_lookup
;
GRANT USAGE ON SCHEMA lookups TO foyer_app
;
GRANT USAGE ON SCHEMA public TO foyer_lookup, foyer_app
;
CREATE FUNCTION lookups.organizations_page(after uuid, most integer) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT id FROM public.organizations WHERE id > after ORDER BY id LIMIT most; END
;
REVOKE ALL ON FUNCTION lookups.organizations_page(after uuid, most integer) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.organizations_page(after uuid, most integer) TO foyer_app
;
ALTER FUNCTION lookups.organizations_page(after uuid, most integer) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.organization_by_slug(wanted text) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT organization_id FROM public.organization_slugs WHERE slug = wanted; END
;
REVOKE ALL ON FUNCTION lookups.organization_by_slug(wanted text) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.organization_by_slug(wanted text) TO foyer_app
;
ALTER FUNCTION lookups.organization_by_slug(wanted text) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.api_key_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT k.organization_id, k.id FROM public.api_keys k WHERE k.token_hash = wanted; END
;
REVOKE ALL ON FUNCTION lookups.api_key_by_hash(wanted bytea) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.api_key_by_hash(wanted bytea) TO foyer_app
;
ALTER FUNCTION lookups.api_key_by_hash(wanted bytea) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.device_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT d.organization_id, d.id FROM public.devices d WHERE d.token_hash = wanted; END
;
REVOKE ALL ON FUNCTION lookups.device_by_hash(wanted bytea) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.device_by_hash(wanted bytea) TO foyer_app
;
ALTER FUNCTION lookups.device_by_hash(wanted bytea) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.due_holds(most integer) RETURNS TABLE (organization_id uuid, event_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT d.organization_id, d.event_id FROM (SELECT c.organization_id, c.event_id FROM public.carts c WHERE c.status = 'active' AND c.expires_at <= public.foyer_now() UNION SELECT e.organization_id, e.id FROM public.events e WHERE e.status = 'published' AND e.deleted_at IS NULL AND e.ends_at <= public.foyer_now()) d ORDER BY random() LIMIT most; END
;
REVOKE ALL ON FUNCTION lookups.due_holds(most integer) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.due_holds(most integer) TO foyer_app
;
ALTER FUNCTION lookups.due_holds(most integer) OWNER TO foyer_lookup
;
REVOKE CREATE ON SCHEMA lookups FROM foyer_lookup
;
