CREATE FUNCTION foyer_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN clock_timestamp() + coalesce(nullif(current_setting('app.clock_offset', true), '')::interval, interval '0')
;
CREATE TABLE audit (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	action TEXT COLLATE "C" NOT NULL,
	subject_kind TEXT COLLATE "C" NOT NULL,
	subject_id UUID NOT NULL,
	actor_kind TEXT COLLATE "C" NOT NULL,
	actor_id UUID,
	changes JSONB DEFAULT '{}' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_audit_action CHECK (action <> ''),
	CONSTRAINT ck_audit_subject_kind CHECK (subject_kind <> ''),
	CONSTRAINT ck_audit_changes CHECK (jsonb_typeof(changes) = 'object')
)
;
CREATE INDEX ix_audit_actor_id_id ON audit (organization_id, actor_id, id) WHERE actor_id IS NOT NULL
;
CREATE INDEX ix_audit_subject_id_id ON audit (organization_id, subject_id, id)
;
ALTER TABLE audit ADD CONSTRAINT pk_audit PRIMARY KEY (organization_id, id)
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
	CONSTRAINT ck_facts_type CHECK (type <> '')
)
;
CREATE INDEX ix_facts_subject_id_id ON facts (organization_id, subject_id, id)
;
ALTER TABLE facts ADD CONSTRAINT pk_facts PRIMARY KEY (organization_id, id)
;
CREATE TABLE files (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	content_hash BYTEA NOT NULL,
	media_type TEXT NOT NULL,
	size_bytes BIGINT NOT NULL,
	made_from BYTEA,
	subject_id UUID,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_files_content_hash CHECK (octet_length(content_hash) = 32),
	CONSTRAINT ck_files_media_type CHECK (media_type <> ''),
	CONSTRAINT ck_files_size_bytes CHECK (size_bytes >= 0),
	CONSTRAINT ck_files_made_from CHECK (octet_length(made_from) = 32),
	CONSTRAINT ck_files_made_of_something CHECK (made_from IS NULL OR subject_id IS NOT NULL)
)
;
CREATE INDEX ix_files_content_hash ON files (organization_id, content_hash)
;
CREATE INDEX ix_files_subject_id ON files (organization_id, subject_id) WHERE subject_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_files_made_from ON files (organization_id, made_from) WHERE made_from IS NOT NULL
;
ALTER TABLE files ADD CONSTRAINT pk_files PRIMARY KEY (organization_id, id)
;
CREATE TABLE idempotency (
	organization_id UUID NOT NULL,
	actor_hash BYTEA NOT NULL,
	idempotency_key TEXT COLLATE "C" NOT NULL,
	body_hash BYTEA NOT NULL,
	resource_id UUID NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_idempotency_idempotency_key CHECK (length(idempotency_key) BETWEEN 1 AND 255),
	CONSTRAINT ck_idempotency_hashes CHECK (octet_length(actor_hash) = 32 AND octet_length(body_hash) = 32)
)
;
ALTER TABLE idempotency ADD CONSTRAINT pk_idempotency PRIMARY KEY (organization_id, actor_hash, idempotency_key)
;
CREATE TABLE installation (
	id SMALLINT NOT NULL,
	canary BYTEA NOT NULL,
	CONSTRAINT ck_installation_single CHECK (id = 1)
)
;
ALTER TABLE installation ADD CONSTRAINT pk_installation PRIMARY KEY (id)
;
CREATE TABLE operators (
	id UUID NOT NULL,
	name TEXT NOT NULL,
	token_hash BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_operators_name CHECK (name <> ''),
	CONSTRAINT ck_operators_token_hash CHECK (octet_length(token_hash) = 32)
)
;
ALTER TABLE operators ADD CONSTRAINT uq_operators_token_hash UNIQUE (token_hash)
;
ALTER TABLE operators ADD CONSTRAINT pk_operators PRIMARY KEY (id)
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
	is_rehearsal BOOLEAN DEFAULT false NOT NULL,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_organizations_name CHECK (name <> ''),
	CONSTRAINT ck_organizations_email CHECK (email <> ''),
	CONSTRAINT ck_organizations_website CHECK (website ~ '^https?://'),
	CONSTRAINT ck_organizations_address CHECK (jsonb_typeof(address) = 'object'),
	CONSTRAINT ck_organizations_plan CHECK (plan IN ('free', 'basic', 'pro', 'enterprise'))
)
;
ALTER TABLE organizations ADD CONSTRAINT pk_organizations PRIMARY KEY (id)
;
CREATE TABLE plugins (
	id UUID NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	kind TEXT NOT NULL,
	category TEXT NOT NULL,
	status TEXT DEFAULT 'active' NOT NULL,
	deleted_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_plugins_name CHECK (name <> ''),
	CONSTRAINT ck_plugins_kind CHECK (kind IN ('trusted', 'marketplace')),
	CONSTRAINT ck_plugins_category CHECK (category IN ('payment', 'marketing', 'analytics', 'social', 'ticketing', 'layout', 'seating')),
	CONSTRAINT ck_plugins_status CHECK (status IN ('active', 'deprecated', 'removed'))
)
;
CREATE INDEX ix_plugins_category_status ON plugins (category, status)
;
CREATE UNIQUE INDEX uq_plugins_name ON plugins (name) WHERE deleted_at IS NULL
;
ALTER TABLE plugins ADD CONSTRAINT pk_plugins PRIMARY KEY (id)
;
CREATE TABLE provider_events (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	provider TEXT COLLATE "C" NOT NULL,
	reference TEXT COLLATE "C" NOT NULL,
	type TEXT COLLATE "C" NOT NULL,
	body BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	processed_at TIMESTAMP WITH TIME ZONE,
	error_message TEXT,
	CONSTRAINT ck_provider_events_provider CHECK (provider <> ''),
	CONSTRAINT ck_provider_events_reference CHECK (reference <> ''),
	CONSTRAINT ck_provider_events_type CHECK (type <> '')
)
;
CREATE INDEX ix_provider_events_waiting ON provider_events (organization_id, id) WHERE processed_at IS NULL
;
ALTER TABLE provider_events ADD CONSTRAINT uq_provider_events_organization_id_provider_reference UNIQUE (organization_id, provider, reference)
;
ALTER TABLE provider_events ADD CONSTRAINT pk_provider_events PRIMARY KEY (organization_id, id)
;
CREATE UNLOGGED TABLE rate_counters (
	scope TEXT COLLATE "C" NOT NULL,
	subject_hash BYTEA NOT NULL,
	window_starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
	hits INTEGER DEFAULT 1 NOT NULL,
	CONSTRAINT ck_rate_counters_scope CHECK (scope <> ''),
	CONSTRAINT ck_rate_counters_subject_hash CHECK (octet_length(subject_hash) = 32),
	CONSTRAINT ck_rate_counters_hits CHECK (hits >= 1)
)
;
CREATE INDEX ix_rate_counters_window_starts_at ON rate_counters (window_starts_at)
;
ALTER TABLE rate_counters ADD CONSTRAINT pk_rate_counters PRIMARY KEY (scope, subject_hash, window_starts_at)
;
CREATE TABLE reactions_done (
	organization_id UUID NOT NULL,
	fact_id UUID NOT NULL,
	reaction TEXT COLLATE "C" NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_reactions_done_reaction CHECK (reaction <> '')
)
;
ALTER TABLE reactions_done ADD CONSTRAINT pk_reactions_done PRIMARY KEY (organization_id, fact_id, reaction)
;
CREATE TABLE traefik_middlewares (
	id UUID NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	type TEXT NOT NULL,
	configuration JSONB DEFAULT '{}' NOT NULL,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_traefik_middlewares_name CHECK (name ~ '^[^@]+$'),
	CONSTRAINT ck_traefik_middlewares_type CHECK (type IN ('rateLimit', 'ipWhitelist', 'basicAuth', 'stripPrefix', 'headers', 'compress')),
	CONSTRAINT ck_traefik_middlewares_configuration CHECK (jsonb_typeof(configuration) = 'object')
)
;
ALTER TABLE traefik_middlewares ADD CONSTRAINT uq_traefik_middlewares_name UNIQUE (name)
;
ALTER TABLE traefik_middlewares ADD CONSTRAINT pk_traefik_middlewares PRIMARY KEY (id)
;
CREATE TABLE traefik_routes (
	id UUID NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	rule TEXT NOT NULL,
	service TEXT NOT NULL,
	priority INTEGER DEFAULT 0 NOT NULL,
	entry_points TEXT[] DEFAULT '{}' NOT NULL,
	middlewares TEXT[] DEFAULT '{}' NOT NULL,
	tls BOOLEAN NOT NULL,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_traefik_routes_name CHECK (name ~ '^[^@]+$'),
	CONSTRAINT ck_traefik_routes_rule CHECK (rule <> ''),
	CONSTRAINT ck_traefik_routes_service CHECK (service <> '')
)
;
ALTER TABLE traefik_routes ADD CONSTRAINT uq_traefik_routes_name UNIQUE (name)
;
ALTER TABLE traefik_routes ADD CONSTRAINT pk_traefik_routes PRIMARY KEY (id)
;
CREATE TABLE custom_domains (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	host TEXT COLLATE "C" NOT NULL,
	verified_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_custom_domains_host CHECK (host ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$' AND length(host) <= 253)
)
;
ALTER TABLE custom_domains ADD CONSTRAINT uq_custom_domains_organization_id_host UNIQUE (organization_id, host)
;
CREATE UNIQUE INDEX uq_custom_domains_host ON custom_domains (host) WHERE verified_at IS NOT NULL
;
ALTER TABLE custom_domains ADD CONSTRAINT pk_custom_domains PRIMARY KEY (organization_id, id)
;
CREATE TABLE customers (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	email TEXT NOT NULL,
	email_key TEXT COLLATE "C" NOT NULL,
	first_name TEXT,
	last_name TEXT,
	name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(coalesce(first_name || ' ', '') || coalesce(last_name, ''))) STORED NOT NULL,
	last_name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(last_name)) STORED,
	phone TEXT,
	address JSONB,
	marketing BOOLEAN DEFAULT false NOT NULL,
	marketing_at TIMESTAMP WITH TIME ZONE,
	erased_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_customers_email_key CHECK (email_key <> ''),
	CONSTRAINT ck_customers_address CHECK (jsonb_typeof(address) = 'object'),
	CONSTRAINT ck_customers_marketing CHECK (marketing = (marketing_at IS NOT NULL))
)
;
CREATE INDEX ix_customers_created_at_id ON customers (organization_id, created_at, id) WHERE erased_at IS NULL
;
CREATE INDEX ix_customers_last_name_key ON customers (organization_id, last_name_key) WHERE erased_at IS NULL
;
CREATE INDEX ix_customers_name_key ON customers (organization_id, name_key) WHERE erased_at IS NULL
;
CREATE UNIQUE INDEX uq_customers_email_key ON customers (organization_id, email_key) WHERE erased_at IS NULL
;
ALTER TABLE customers ADD CONSTRAINT pk_customers PRIMARY KEY (organization_id, id)
;
CREATE TABLE event_series (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_event_series_name CHECK (name <> '')
)
;
ALTER TABLE event_series ADD CONSTRAINT pk_event_series PRIMARY KEY (organization_id, id)
;
CREATE TABLE invoice_numbers (
	organization_id UUID NOT NULL,
	series TEXT COLLATE "C" NOT NULL,
	last_number BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT ck_invoice_numbers_series CHECK (series <> ''),
	CONSTRAINT ck_invoice_numbers_last_number CHECK (last_number >= 0)
)
;
ALTER TABLE invoice_numbers ADD CONSTRAINT pk_invoice_numbers PRIMARY KEY (organization_id, series)
;
CREATE TABLE ledger_accounts (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	currency TEXT NOT NULL,
	CONSTRAINT ck_ledger_accounts_kind CHECK (kind IN ('buyer_clearing', 'organizer_payable', 'platform_fees', 'gateway_fees', 'refunds', 'chargebacks', 'payouts')),
	CONSTRAINT ck_ledger_accounts_currency CHECK (currency ~ '^[A-Z]{3}$')
)
;
ALTER TABLE ledger_accounts ADD CONSTRAINT uq_ledger_accounts_organization_id_kind_currency UNIQUE (organization_id, kind, currency)
;
ALTER TABLE ledger_accounts ADD CONSTRAINT uq_ledger_accounts_organization_id_id_currency UNIQUE (organization_id, id, currency)
;
ALTER TABLE ledger_accounts ADD CONSTRAINT pk_ledger_accounts PRIMARY KEY (organization_id, id)
;
CREATE TABLE mail_opt_outs (
	organization_id UUID NOT NULL,
	address_hash BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_mail_opt_outs_address_hash CHECK (octet_length(address_hash) = 32)
)
;
ALTER TABLE mail_opt_outs ADD CONSTRAINT pk_mail_opt_outs PRIMARY KEY (organization_id, address_hash)
;
CREATE TABLE organization_settings (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	default_currency TEXT DEFAULT 'EUR' NOT NULL,
	time_zone TEXT DEFAULT 'UTC' NOT NULL,
	language TEXT DEFAULT 'en' NOT NULL,
	email_notifications BOOLEAN DEFAULT true NOT NULL,
	abandoned_cart_mails BOOLEAN DEFAULT false NOT NULL,
	primary_color TEXT,
	secondary_color TEXT,
	allow_guest_checkout BOOLEAN DEFAULT true NOT NULL,
	service_fee_bps INTEGER DEFAULT 0 NOT NULL,
	service_fee_fixed BIGINT DEFAULT 0 NOT NULL,
	ticket_transfers_enabled BOOLEAN DEFAULT true NOT NULL,
	refund_policy TEXT,
	tax_number TEXT,
	payment_instructions TEXT,
	privacy_policy_url TEXT,
	terms_of_service_url TEXT,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_organization_settings_default_currency CHECK (default_currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_organization_settings_time_zone CHECK (time_zone <> ''),
	CONSTRAINT ck_organization_settings_primary_color CHECK (primary_color ~ '^#[0-9a-f]{6}$'),
	CONSTRAINT ck_organization_settings_secondary_color CHECK (secondary_color ~ '^#[0-9a-f]{6}$'),
	CONSTRAINT ck_organization_settings_language CHECK (language IN ('en', 'de')),
	CONSTRAINT ck_organization_settings_service_fee_bps CHECK (service_fee_bps BETWEEN 0 AND 10000),
	CONSTRAINT ck_organization_settings_service_fee_fixed CHECK (service_fee_fixed BETWEEN 0 AND 1000000000000)
)
;
ALTER TABLE organization_settings ADD CONSTRAINT uq_organization_settings_organization_id UNIQUE (organization_id)
;
ALTER TABLE organization_settings ADD CONSTRAINT pk_organization_settings PRIMARY KEY (organization_id, id)
;
CREATE TABLE organization_slugs (
	slug TEXT COLLATE "C" NOT NULL,
	organization_id UUID NOT NULL,
	current BOOLEAN NOT NULL,
	CONSTRAINT ck_organization_slugs_slug CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')
)
;
CREATE INDEX ix_organization_slugs_organization_id ON organization_slugs (organization_id)
;
CREATE UNIQUE INDEX uq_organization_slugs_current ON organization_slugs (organization_id) WHERE current
;
ALTER TABLE organization_slugs ADD CONSTRAINT pk_organization_slugs PRIMARY KEY (slug)
;
CREATE TABLE plan_usage (
	organization_id UUID NOT NULL,
	resource TEXT COLLATE "C" NOT NULL,
	used BIGINT DEFAULT 0 NOT NULL,
	CONSTRAINT ck_plan_usage_resource CHECK (resource <> ''),
	CONSTRAINT ck_plan_usage_used CHECK (used >= 0)
)
;
ALTER TABLE plan_usage ADD CONSTRAINT pk_plan_usage PRIMARY KEY (organization_id, resource)
;
CREATE TABLE plugin_versions (
	id UUID NOT NULL,
	plugin_id UUID NOT NULL,
	version TEXT COLLATE "C" NOT NULL,
	description TEXT NOT NULL,
	bundle_url TEXT,
	bundle_hash BYTEA,
	extension_points TEXT[] DEFAULT '{}' NOT NULL,
	admin_components JSONB DEFAULT '{}' NOT NULL,
	storefront_components JSONB DEFAULT '{}' NOT NULL,
	configuration_schema JSONB DEFAULT '{}' NOT NULL,
	required_permissions TEXT[] DEFAULT '{}' NOT NULL,
	metadata JSONB DEFAULT '{}' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_plugin_versions_version CHECK (version ~ '^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$'),
	CONSTRAINT ck_plugin_versions_description CHECK (description <> ''),
	CONSTRAINT ck_plugin_versions_bundle_hash CHECK (octet_length(bundle_hash) = 32),
	CONSTRAINT ck_plugin_versions_bundle CHECK ((bundle_url IS NULL) = (bundle_hash IS NULL)),
	CONSTRAINT ck_plugin_versions_admin_components CHECK (jsonb_typeof(admin_components) = 'object'),
	CONSTRAINT ck_plugin_versions_storefront_components CHECK (jsonb_typeof(storefront_components) = 'object'),
	CONSTRAINT ck_plugin_versions_configuration_schema CHECK (jsonb_typeof(configuration_schema) = 'object'),
	CONSTRAINT ck_plugin_versions_metadata CHECK (jsonb_typeof(metadata) = 'object')
)
;
ALTER TABLE plugin_versions ADD CONSTRAINT uq_plugin_versions_plugin_id_version UNIQUE (plugin_id, version)
;
ALTER TABLE plugin_versions ADD CONSTRAINT pk_plugin_versions PRIMARY KEY (id)
;
CREATE TABLE pools (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	capacity INTEGER NOT NULL,
	held INTEGER DEFAULT 0 NOT NULL,
	sold INTEGER DEFAULT 0 NOT NULL,
	CONSTRAINT ck_pools_capacity CHECK (capacity BETWEEN 0 AND 2000000000),
	CONSTRAINT ck_pools_held CHECK (held >= 0),
	CONSTRAINT ck_pools_sold CHECK (sold >= 0),
	CONSTRAINT ck_pools_never_oversold CHECK (held::bigint + sold <= capacity)
)
 WITH (fillfactor = 50)
;
ALTER TABLE pools ADD CONSTRAINT pk_pools PRIMARY KEY (organization_id, id)
;
CREATE TABLE provider_accounts (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	provider TEXT COLLATE "C" NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	sealed_credentials BYTEA,
	status TEXT DEFAULT 'pending' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_provider_accounts_provider CHECK (provider <> ''),
	CONSTRAINT ck_provider_accounts_account CHECK (account <> ''),
	CONSTRAINT ck_provider_accounts_status CHECK (status IN ('pending', 'active', 'inactive'))
)
;
ALTER TABLE provider_accounts ADD CONSTRAINT uq_provider_accounts_organization_id_provider_account UNIQUE (organization_id, provider, account)
;
CREATE INDEX ix_provider_accounts_account ON provider_accounts (provider, account)
;
ALTER TABLE provider_accounts ADD CONSTRAINT pk_provider_accounts PRIMARY KEY (organization_id, id)
;
CREATE TABLE sales_analytics (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	date_range TEXT NOT NULL,
	date DATE NOT NULL,
	currency TEXT NOT NULL,
	total_sales BIGINT DEFAULT 0 NOT NULL,
	total_revenue BIGINT DEFAULT 0 NOT NULL,
	tickets_sold BIGINT DEFAULT 0 NOT NULL,
	average_order_value BIGINT GENERATED ALWAYS AS (coalesce(round(total_revenue::numeric / nullif(total_sales, 0)), 0)::bigint) STORED NOT NULL,
	refund_amount BIGINT DEFAULT 0 NOT NULL,
	fees_collected BIGINT DEFAULT 0 NOT NULL,
	event_breakdown JSONB DEFAULT '{}' NOT NULL,
	payment_method_breakdown JSONB DEFAULT '{}' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_sales_analytics_date_range CHECK (date_range IN ('daily', 'weekly', 'monthly')),
	CONSTRAINT ck_sales_analytics_week CHECK (date_range <> 'weekly' OR extract(isodow FROM date) = 1),
	CONSTRAINT ck_sales_analytics_month CHECK (date_range <> 'monthly' OR extract(day FROM date) = 1),
	CONSTRAINT ck_sales_analytics_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_sales_analytics_sales CHECK (total_sales >= 0 AND total_revenue >= 0 AND tickets_sold >= 0),
	CONSTRAINT ck_sales_analytics_refund_amount CHECK (refund_amount >= 0),
	CONSTRAINT ck_sales_analytics_fees_collected CHECK (fees_collected >= 0),
	CONSTRAINT ck_sales_analytics_event_breakdown CHECK (jsonb_typeof(event_breakdown) = 'object'),
	CONSTRAINT ck_sales_analytics_payment_method_breakdown CHECK (jsonb_typeof(payment_method_breakdown) = 'object')
)
;
ALTER TABLE sales_analytics ADD CONSTRAINT uq_sales_analytics_organization_id_date_range_date_currency UNIQUE (organization_id, date_range, date, currency)
;
ALTER TABLE sales_analytics ADD CONSTRAINT pk_sales_analytics PRIMARY KEY (organization_id, id)
;
CREATE TABLE signing_keys (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	key_id BIGINT NOT NULL,
	public_key BYTEA NOT NULL,
	sealed_private_key BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	retired_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_signing_keys_key_id CHECK (key_id BETWEEN 0 AND 4294967295),
	CONSTRAINT ck_signing_keys_public_key CHECK (octet_length(public_key) = 32)
)
;
CREATE UNIQUE INDEX uq_signing_keys_current ON signing_keys (organization_id) WHERE retired_at IS NULL
;
ALTER TABLE signing_keys ADD CONSTRAINT uq_signing_keys_organization_id_key_id UNIQUE (organization_id, key_id)
;
ALTER TABLE signing_keys ADD CONSTRAINT pk_signing_keys PRIMARY KEY (organization_id, id)
;
CREATE TABLE tax_rates (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	rate_bps INTEGER NOT NULL,
	is_inclusive BOOLEAN NOT NULL,
	country TEXT,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_tax_rates_name CHECK (name <> ''),
	CONSTRAINT ck_tax_rates_rate_bps CHECK (rate_bps BETWEEN 0 AND 10000),
	CONSTRAINT ck_tax_rates_country CHECK (country ~ '^[A-Z]{2}$')
)
;
CREATE UNIQUE INDEX uq_tax_rates_name ON tax_rates (organization_id, lower(name))
;
ALTER TABLE tax_rates ADD CONSTRAINT pk_tax_rates PRIMARY KEY (organization_id, id)
;
CREATE TABLE users (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	email_confirmed_at TIMESTAMP WITH TIME ZONE,
	password_hash TEXT,
	avatar TEXT,
	role TEXT NOT NULL,
	permissions TEXT[] DEFAULT '{}' NOT NULL,
	status TEXT DEFAULT 'pending' NOT NULL,
	last_active TIMESTAMP WITH TIME ZONE,
	deleted_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_users_name CHECK (name <> ''),
	CONSTRAINT ck_users_email CHECK (email <> ''),
	CONSTRAINT ck_users_role CHECK (role IN ('owner', 'admin', 'manager', 'support', 'analyst')),
	CONSTRAINT ck_users_status CHECK (status IN ('pending', 'active', 'inactive')),
	CONSTRAINT ck_users_password_hash CHECK (status <> 'active' OR password_hash IS NOT NULL)
)
;
CREATE INDEX ix_users_email ON users (lower(email)) WHERE deleted_at IS NULL
;
CREATE UNIQUE INDEX uq_users_email ON users (organization_id, lower(email)) WHERE deleted_at IS NULL
;
ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY (organization_id, id)
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
	CONSTRAINT ck_api_keys_name CHECK (name <> ''),
	CONSTRAINT ck_api_keys_token_hash CHECK (octet_length(token_hash) = 32)
)
;
CREATE INDEX ix_api_keys_user_id ON api_keys (organization_id, user_id)
;
ALTER TABLE api_keys ADD CONSTRAINT uq_api_keys_organization_id_token_hash UNIQUE (organization_id, token_hash)
;
CREATE INDEX ix_api_keys_token_hash ON api_keys (token_hash)
;
ALTER TABLE api_keys ADD CONSTRAINT pk_api_keys PRIMARY KEY (organization_id, id)
;
CREATE TABLE buyer_sessions (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	customer_id UUID NOT NULL,
	token_hash BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_buyer_sessions_token_hash CHECK (octet_length(token_hash) = 32),
	CONSTRAINT ck_buyer_sessions_expires_at CHECK (expires_at > created_at)
)
;
CREATE INDEX ix_buyer_sessions_customer_id ON buyer_sessions (organization_id, customer_id)
;
ALTER TABLE buyer_sessions ADD CONSTRAINT uq_buyer_sessions_organization_id_token_hash UNIQUE (organization_id, token_hash)
;
CREATE INDEX ix_buyer_sessions_token_hash ON buyer_sessions (token_hash)
;
ALTER TABLE buyer_sessions ADD CONSTRAINT pk_buyer_sessions PRIMARY KEY (organization_id, id)
;
CREATE TABLE consents (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	customer_id UUID NOT NULL,
	marketing BOOLEAN NOT NULL,
	source TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_consents_source CHECK (source IN ('customer', 'opt_in_mail') OR (source = 'staff' AND NOT marketing))
)
;
CREATE INDEX ix_consents_customer_id_id ON consents (organization_id, customer_id, id)
;
ALTER TABLE consents ADD CONSTRAINT pk_consents PRIMARY KEY (organization_id, id)
;
CREATE TABLE devices (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	user_id UUID NOT NULL,
	name TEXT NOT NULL,
	token_hash BYTEA,
	all_events BOOLEAN DEFAULT false NOT NULL,
	paired_at TIMESTAMP WITH TIME ZONE,
	revoked_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_devices_name CHECK (name <> ''),
	CONSTRAINT ck_devices_token_hash CHECK (octet_length(token_hash) = 32)
)
;
CREATE INDEX ix_devices_user_id ON devices (organization_id, user_id)
;
ALTER TABLE devices ADD CONSTRAINT uq_devices_organization_id_token_hash UNIQUE (organization_id, token_hash)
;
CREATE INDEX ix_devices_token_hash ON devices (token_hash)
;
ALTER TABLE devices ADD CONSTRAINT pk_devices PRIMARY KEY (organization_id, id)
;
CREATE TABLE discounts (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	pool_id UUID NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	percent_bps INTEGER,
	amount BIGINT,
	currency TEXT,
	minimum_quantity INTEGER DEFAULT 1 NOT NULL,
	uses_per_customer INTEGER,
	starts_at TIMESTAMP WITH TIME ZONE,
	ends_at TIMESTAMP WITH TIME ZONE,
	deleted_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_discounts_code CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$'),
	CONSTRAINT ck_discounts_kind CHECK (num_nonnulls(percent_bps, amount) = 1),
	CONSTRAINT ck_discounts_percent_bps CHECK (percent_bps BETWEEN 1 AND 10000),
	CONSTRAINT ck_discounts_amount CHECK (amount BETWEEN 1 AND 1000000000000),
	CONSTRAINT ck_discounts_amount_in_currency CHECK ((currency IS NULL) = (amount IS NULL)),
	CONSTRAINT ck_discounts_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_discounts_minimum_quantity CHECK (minimum_quantity >= 1),
	CONSTRAINT ck_discounts_uses_per_customer CHECK (uses_per_customer >= 1),
	CONSTRAINT ck_discounts_window CHECK (ends_at >= starts_at)
)
;
CREATE UNIQUE INDEX uq_discounts_code ON discounts (organization_id, lower(code)) WHERE deleted_at IS NULL
;
CREATE UNIQUE INDEX uq_discounts_pool_id ON discounts (organization_id, pool_id)
;
ALTER TABLE discounts ADD CONSTRAINT pk_discounts PRIMARY KEY (organization_id, id)
;
CREATE TABLE domain_proofs (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	custom_domain_id UUID NOT NULL,
	method TEXT NOT NULL,
	token TEXT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	checked_at TIMESTAMP WITH TIME ZONE,
	proved_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_domain_proofs_method CHECK (method IN ('dns_txt', 'well_known')),
	CONSTRAINT ck_domain_proofs_token CHECK (token <> ''),
	CONSTRAINT ck_domain_proofs_proved_at CHECK (proved_at IS NULL OR (checked_at IS NOT NULL AND proved_at <= checked_at))
)
;
CREATE INDEX ix_domain_proofs_custom_domain_id ON domain_proofs (organization_id, custom_domain_id)
;
ALTER TABLE domain_proofs ADD CONSTRAINT pk_domain_proofs PRIMARY KEY (organization_id, id)
;
CREATE TABLE events (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	pool_id UUID NOT NULL,
	series_id UUID,
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
	manual_payment_hours INTEGER DEFAULT 168 NOT NULL,
	approval_hours INTEGER DEFAULT 72 NOT NULL,
	changes_close_hours INTEGER DEFAULT 0 NOT NULL,
	seo_title TEXT,
	seo_description TEXT,
	tags TEXT[] DEFAULT '{}' NOT NULL,
	created_by UUID NOT NULL,
	updated_by UUID NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE,
	cancelled_at TIMESTAMP WITH TIME ZONE,
	wound_up_at TIMESTAMP WITH TIME ZONE,
	deleted_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
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
	CONSTRAINT ck_events_service_fee_fixed CHECK (service_fee_fixed BETWEEN 0 AND 1000000000000),
	CONSTRAINT ck_events_manual_payment_hours CHECK (manual_payment_hours BETWEEN 1 AND 8760),
	CONSTRAINT ck_events_approval_hours CHECK (approval_hours BETWEEN 1 AND 8760),
	CONSTRAINT ck_events_changes_close_hours CHECK (changes_close_hours BETWEEN 0 AND 8760)
)
;
CREATE INDEX ix_events_created_by ON events (organization_id, created_by)
;
CREATE INDEX ix_events_series_id ON events (organization_id, series_id) WHERE series_id IS NOT NULL
;
CREATE INDEX ix_events_status_starts_at ON events (organization_id, status, starts_at)
;
CREATE INDEX ix_events_updated_by ON events (organization_id, updated_by)
;
CREATE UNIQUE INDEX uq_events_pool_id ON events (organization_id, pool_id)
;
CREATE UNIQUE INDEX uq_events_slug ON events (organization_id, slug) WHERE deleted_at IS NULL
;
CREATE INDEX ix_events_ending ON events (ends_at) WHERE status = 'published' AND deleted_at IS NULL
;
CREATE INDEX ix_events_unwound ON events (cancelled_at) WHERE status = 'cancelled' AND wound_up_at IS NULL
;
ALTER TABLE events ADD CONSTRAINT pk_events PRIMARY KEY (organization_id, id)
;
CREATE TABLE installed_plugins (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	plugin_id UUID NOT NULL,
	version TEXT COLLATE "C" NOT NULL,
	enabled BOOLEAN DEFAULT true NOT NULL,
	configuration JSONB DEFAULT '{}' NOT NULL,
	installed_by UUID NOT NULL,
	installed_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_installed_plugins_configuration CHECK (jsonb_typeof(configuration) = 'object')
)
;
CREATE INDEX ix_installed_plugins_installed_by ON installed_plugins (organization_id, installed_by)
;
ALTER TABLE installed_plugins ADD CONSTRAINT uq_installed_plugins_organization_id_plugin_id UNIQUE (organization_id, plugin_id)
;
CREATE INDEX ix_installed_plugins_plugin_id_version ON installed_plugins (plugin_id, version)
;
ALTER TABLE installed_plugins ADD CONSTRAINT pk_installed_plugins PRIMARY KEY (organization_id, id)
;
CREATE TABLE invitations (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	user_id UUID NOT NULL,
	invited_by UUID NOT NULL,
	token_hash BYTEA NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	accepted_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_invitations_token_hash CHECK (octet_length(token_hash) = 32),
	CONSTRAINT ck_invitations_expires_at CHECK (expires_at > created_at)
)
;
CREATE INDEX ix_invitations_invited_by ON invitations (organization_id, invited_by)
;
CREATE INDEX ix_invitations_user_id ON invitations (organization_id, user_id)
;
ALTER TABLE invitations ADD CONSTRAINT uq_invitations_organization_id_token_hash UNIQUE (organization_id, token_hash)
;
ALTER TABLE invitations ADD CONSTRAINT pk_invitations PRIMARY KEY (organization_id, id)
;
CREATE TABLE one_time_codes (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	purpose TEXT NOT NULL,
	user_id UUID,
	email TEXT NOT NULL,
	email_key TEXT COLLATE "C" NOT NULL,
	code_hash BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_one_time_codes_purpose CHECK (purpose IN ('email_confirmation', 'password_reset', 'email_change', 'buyer_sign_in')),
	CONSTRAINT ck_one_time_codes_user_id CHECK ((purpose = 'buyer_sign_in') = (user_id IS NULL)),
	CONSTRAINT ck_one_time_codes_email_key CHECK (email_key <> ''),
	CONSTRAINT ck_one_time_codes_code_hash CHECK (octet_length(code_hash) = 32),
	CONSTRAINT ck_one_time_codes_expires_at CHECK (expires_at > created_at)
)
;
CREATE INDEX ix_one_time_codes_email_key_purpose ON one_time_codes (organization_id, email_key, purpose)
;
CREATE INDEX ix_one_time_codes_user_id ON one_time_codes (organization_id, user_id) WHERE user_id IS NOT NULL
;
ALTER TABLE one_time_codes ADD CONSTRAINT pk_one_time_codes PRIMARY KEY (organization_id, id)
;
CREATE TABLE passkeys (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	user_id UUID NOT NULL,
	name TEXT NOT NULL,
	credential_id BYTEA NOT NULL,
	public_key BYTEA NOT NULL,
	sign_count BIGINT DEFAULT 0 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	last_used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_passkeys_name CHECK (name <> ''),
	CONSTRAINT ck_passkeys_credential_id CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
	CONSTRAINT ck_passkeys_sign_count CHECK (sign_count >= 0)
)
;
CREATE INDEX ix_passkeys_user_id ON passkeys (organization_id, user_id)
;
ALTER TABLE passkeys ADD CONSTRAINT uq_passkeys_organization_id_credential_id UNIQUE (organization_id, credential_id)
;
ALTER TABLE passkeys ADD CONSTRAINT pk_passkeys PRIMARY KEY (organization_id, id)
;
CREATE TABLE plugin_consents (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	plugin_id UUID NOT NULL,
	version TEXT COLLATE "C" NOT NULL,
	permissions TEXT[] NOT NULL,
	user_id UUID NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL
)
;
CREATE INDEX ix_plugin_consents_plugin_id_id ON plugin_consents (organization_id, plugin_id, id)
;
CREATE INDEX ix_plugin_consents_user_id ON plugin_consents (organization_id, user_id)
;
CREATE INDEX ix_plugin_consents_plugin_id_version ON plugin_consents (plugin_id, version)
;
ALTER TABLE plugin_consents ADD CONSTRAINT pk_plugin_consents PRIMARY KEY (organization_id, id)
;
CREATE TABLE recovery_codes (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	user_id UUID NOT NULL,
	code_hash BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_recovery_codes_code_hash CHECK (octet_length(code_hash) = 32)
)
;
ALTER TABLE recovery_codes ADD CONSTRAINT uq_recovery_codes_organization_id_user_id_code_hash UNIQUE (organization_id, user_id, code_hash)
;
ALTER TABLE recovery_codes ADD CONSTRAINT pk_recovery_codes PRIMARY KEY (organization_id, id)
;
CREATE TABLE session_families (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	user_id UUID NOT NULL,
	device TEXT NOT NULL,
	ip INET NOT NULL,
	location TEXT,
	last_active TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_session_families_device CHECK (device <> ''),
	CONSTRAINT ck_session_families_expires_at CHECK (expires_at > created_at)
)
;
CREATE INDEX ix_session_families_user_id_id ON session_families (organization_id, user_id, id)
;
ALTER TABLE session_families ADD CONSTRAINT pk_session_families PRIMARY KEY (organization_id, id)
;
CREATE TABLE totp_secrets (
	organization_id UUID NOT NULL,
	user_id UUID NOT NULL,
	sealed_secret BYTEA NOT NULL,
	last_step BIGINT,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	confirmed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_totp_secrets_last_step CHECK (last_step >= 0)
)
;
ALTER TABLE totp_secrets ADD CONSTRAINT pk_totp_secrets PRIMARY KEY (organization_id, user_id)
;
CREATE TABLE webhook_endpoints (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	url TEXT NOT NULL,
	types TEXT[] NOT NULL,
	sealed_secret BYTEA NOT NULL,
	created_by UUID NOT NULL,
	disabled_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_webhook_endpoints_url CHECK (url ~ '^https?://'),
	CONSTRAINT ck_webhook_endpoints_types CHECK (cardinality(types) >= 1)
)
;
CREATE INDEX ix_webhook_endpoints_created_by ON webhook_endpoints (organization_id, created_by)
;
ALTER TABLE webhook_endpoints ADD CONSTRAINT pk_webhook_endpoints PRIMARY KEY (organization_id, id)
;
CREATE TABLE carts (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	user_id UUID,
	customer_id UUID,
	session_id TEXT COLLATE "C" NOT NULL,
	status TEXT DEFAULT 'active' NOT NULL,
	customer JSONB,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	reminded_at TIMESTAMP WITH TIME ZONE,
	currency TEXT NOT NULL,
	subtotal BIGINT NOT NULL,
	discount_amount BIGINT DEFAULT 0 NOT NULL,
	fees BIGINT NOT NULL,
	taxes BIGINT DEFAULT 0 NOT NULL,
	total BIGINT NOT NULL,
	discount_id UUID,
	discount_code TEXT,
	actor_hash BYTEA,
	idempotency_key TEXT COLLATE "C",
	body_hash BYTEA,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_carts_status CHECK (status IN ('active', 'abandoned', 'converted', 'expired')),
	CONSTRAINT ck_carts_expires_at CHECK (expires_at > created_at),
	CONSTRAINT ck_carts_customer CHECK (customer IS NULL OR coalesce(customer ->> 'email', '') <> ''),
	CONSTRAINT ck_carts_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_carts_not_negative CHECK (subtotal >= 0 AND fees >= 0 AND taxes >= 0 AND total >= 0),
	CONSTRAINT ck_carts_discount_amount CHECK (discount_amount BETWEEN 0 AND subtotal),
	CONSTRAINT ck_carts_adds_up CHECK (total = subtotal - discount_amount + fees + taxes),
	CONSTRAINT ck_carts_discount CHECK ((discount_id IS NULL) = (discount_code IS NULL)),
	CONSTRAINT ck_carts_discount_has_code CHECK (discount_amount = 0 OR discount_id IS NOT NULL),
	CONSTRAINT ck_carts_idempotency CHECK ((idempotency_key IS NULL) = (actor_hash IS NULL) AND (idempotency_key IS NULL) = (body_hash IS NULL)),
	CONSTRAINT ck_carts_idempotency_key CHECK (length(idempotency_key) BETWEEN 1 AND 255)
)
;
CREATE INDEX ix_carts_customer_id ON carts (organization_id, customer_id) WHERE customer_id IS NOT NULL
;
CREATE INDEX ix_carts_discount_id ON carts (organization_id, discount_id) WHERE discount_id IS NOT NULL
;
CREATE INDEX ix_carts_user_id ON carts (organization_id, user_id) WHERE user_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_carts_idempotency_key ON carts (organization_id, actor_hash, idempotency_key) WHERE idempotency_key IS NOT NULL
;
CREATE UNIQUE INDEX uq_carts_session ON carts (organization_id, event_id, session_id) WHERE status = 'active'
;
CREATE INDEX ix_carts_abandoned ON carts (updated_at) WHERE status = 'abandoned' AND reminded_at IS NULL
;
CREATE INDEX ix_carts_due ON carts (expires_at) WHERE status = 'active'
;
ALTER TABLE carts ADD CONSTRAINT uq_carts_organization_id_event_id_id UNIQUE (organization_id, event_id, id)
;
ALTER TABLE carts ADD CONSTRAINT pk_carts PRIMARY KEY (organization_id, id)
;
CREATE TABLE device_events (
	organization_id UUID NOT NULL,
	device_id UUID NOT NULL,
	event_id UUID NOT NULL
)
;
CREATE INDEX ix_device_events_event_id ON device_events (organization_id, event_id)
;
ALTER TABLE device_events ADD CONSTRAINT pk_device_events PRIMARY KEY (organization_id, device_id, event_id)
;
CREATE TABLE device_pairings (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	device_id UUID NOT NULL,
	user_id UUID NOT NULL,
	code_hash BYTEA NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	redeemed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_device_pairings_code_hash CHECK (octet_length(code_hash) = 32),
	CONSTRAINT ck_device_pairings_expires_at CHECK (expires_at > created_at)
)
;
CREATE INDEX ix_device_pairings_device_id_id ON device_pairings (organization_id, device_id, id)
;
CREATE INDEX ix_device_pairings_user_id ON device_pairings (organization_id, user_id)
;
ALTER TABLE device_pairings ADD CONSTRAINT uq_device_pairings_organization_id_code_hash UNIQUE (organization_id, code_hash)
;
CREATE INDEX ix_device_pairings_code_hash ON device_pairings (code_hash)
;
ALTER TABLE device_pairings ADD CONSTRAINT pk_device_pairings PRIMARY KEY (organization_id, id)
;
CREATE TABLE discount_uses (
	organization_id UUID NOT NULL,
	discount_id UUID NOT NULL,
	email_key TEXT COLLATE "C" NOT NULL,
	uses INTEGER DEFAULT 0 NOT NULL,
	CONSTRAINT ck_discount_uses_uses CHECK (uses >= 0),
	CONSTRAINT ck_discount_uses_email_key CHECK (email_key <> '')
)
;
ALTER TABLE discount_uses ADD CONSTRAINT pk_discount_uses PRIMARY KEY (organization_id, discount_id, email_key)
;
CREATE TABLE event_analytics (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	date DATE NOT NULL,
	currency TEXT NOT NULL,
	total_views BIGINT DEFAULT 0 NOT NULL,
	unique_views BIGINT DEFAULT 0 NOT NULL,
	total_sales BIGINT DEFAULT 0 NOT NULL,
	tickets_sold BIGINT DEFAULT 0 NOT NULL,
	conversion_rate_bps BIGINT GENERATED ALWAYS AS (coalesce(round(total_sales * 10000.0 / nullif(unique_views, 0)), 0)::bigint) STORED NOT NULL,
	revenue BIGINT DEFAULT 0 NOT NULL,
	ticket_type_breakdown JSONB DEFAULT '{}' NOT NULL,
	refunds BIGINT DEFAULT 0 NOT NULL,
	referrers JSONB DEFAULT '{}' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_event_analytics_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_event_analytics_total_views CHECK (total_views >= 0),
	CONSTRAINT ck_event_analytics_unique_views CHECK (unique_views BETWEEN 0 AND total_views),
	CONSTRAINT ck_event_analytics_sales CHECK (total_sales >= 0 AND tickets_sold >= 0 AND revenue >= 0),
	CONSTRAINT ck_event_analytics_refunds CHECK (refunds >= 0),
	CONSTRAINT ck_event_analytics_ticket_type_breakdown CHECK (jsonb_typeof(ticket_type_breakdown) = 'object'),
	CONSTRAINT ck_event_analytics_referrers CHECK (jsonb_typeof(referrers) = 'object')
)
;
ALTER TABLE event_analytics ADD CONSTRAINT uq_event_analytics_organization_id_event_id_date_currency UNIQUE (organization_id, event_id, date, currency)
;
ALTER TABLE event_analytics ADD CONSTRAINT pk_event_analytics PRIMARY KEY (organization_id, id)
;
CREATE TABLE event_images (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	file_id UUID NOT NULL,
	kind TEXT NOT NULL,
	sort_order INTEGER DEFAULT 0 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_event_images_kind CHECK (kind IN ('featured', 'gallery'))
)
;
CREATE INDEX ix_event_images_event_id_sort_order ON event_images (organization_id, event_id, sort_order)
;
CREATE INDEX ix_event_images_file_id ON event_images (organization_id, file_id)
;
CREATE UNIQUE INDEX uq_event_images_featured ON event_images (organization_id, event_id) WHERE kind = 'featured'
;
ALTER TABLE event_images ADD CONSTRAINT pk_event_images PRIMARY KEY (organization_id, id)
;
CREATE TABLE event_translations (
	organization_id UUID NOT NULL,
	event_id UUID NOT NULL,
	language TEXT COLLATE "C" NOT NULL,
	title TEXT NOT NULL,
	description TEXT NOT NULL,
	short_description TEXT,
	seo_title TEXT,
	seo_description TEXT,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_event_translations_language CHECK (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
	CONSTRAINT ck_event_translations_title CHECK (title <> '' AND length(title) <= 200)
)
;
ALTER TABLE event_translations ADD CONSTRAINT pk_event_translations PRIMARY KEY (organization_id, event_id, language)
;
CREATE TABLE gates (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	name TEXT NOT NULL,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_gates_name CHECK (name <> '')
)
;
CREATE UNIQUE INDEX uq_gates_name ON gates (organization_id, event_id, lower(name))
;
ALTER TABLE gates ADD CONSTRAINT pk_gates PRIMARY KEY (organization_id, id)
;
CREATE TABLE message_campaigns (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	created_by UUID NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_message_campaigns_subject CHECK (subject <> ''),
	CONSTRAINT ck_message_campaigns_body CHECK (body <> '')
)
;
CREATE INDEX ix_message_campaigns_created_by ON message_campaigns (organization_id, created_by)
;
CREATE INDEX ix_message_campaigns_event_id_id ON message_campaigns (organization_id, event_id, id)
;
ALTER TABLE message_campaigns ADD CONSTRAINT pk_message_campaigns PRIMARY KEY (organization_id, id)
;
CREATE TABLE plugin_storage (
	organization_id UUID NOT NULL,
	installed_plugin_id UUID NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	value JSONB NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_plugin_storage_key CHECK (length(key) BETWEEN 1 AND 255)
)
;
ALTER TABLE plugin_storage ADD CONSTRAINT pk_plugin_storage PRIMARY KEY (organization_id, installed_plugin_id, key)
;
CREATE TABLE questions (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	label TEXT NOT NULL,
	scope TEXT NOT NULL,
	type TEXT NOT NULL,
	options TEXT[] DEFAULT '{}' NOT NULL,
	is_required BOOLEAN DEFAULT false NOT NULL,
	sort_order INTEGER DEFAULT 0 NOT NULL,
	deleted_at TIMESTAMP WITH TIME ZONE,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_questions_label CHECK (label <> ''),
	CONSTRAINT ck_questions_scope CHECK (scope IN ('order', 'ticket')),
	CONSTRAINT ck_questions_type CHECK (type IN ('text', 'number', 'date', 'boolean', 'choice', 'choices')),
	CONSTRAINT ck_questions_options CHECK ((type IN ('choice', 'choices')) = (cardinality(options) > 0))
)
;
CREATE INDEX ix_questions_event_id_sort_order ON questions (organization_id, event_id, sort_order)
;
ALTER TABLE questions ADD CONSTRAINT uq_questions_organization_id_event_id_id UNIQUE (organization_id, event_id, id)
;
ALTER TABLE questions ADD CONSTRAINT pk_questions PRIMARY KEY (organization_id, id)
;
CREATE TABLE sessions (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	family_id UUID NOT NULL,
	token_hash BYTEA NOT NULL,
	refresh_token_hash BYTEA,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	refreshed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_sessions_token_hash CHECK (octet_length(token_hash) = 32),
	CONSTRAINT ck_sessions_refresh_token_hash CHECK (octet_length(refresh_token_hash) = 32),
	CONSTRAINT ck_sessions_expires_at CHECK (expires_at > created_at)
)
;
CREATE INDEX ix_sessions_family_id ON sessions (organization_id, family_id)
;
ALTER TABLE sessions ADD CONSTRAINT uq_sessions_organization_id_refresh_token_hash UNIQUE (organization_id, refresh_token_hash)
;
ALTER TABLE sessions ADD CONSTRAINT uq_sessions_organization_id_token_hash UNIQUE (organization_id, token_hash)
;
CREATE INDEX ix_sessions_token_hash ON sessions (token_hash)
;
ALTER TABLE sessions ADD CONSTRAINT pk_sessions PRIMARY KEY (organization_id, id)
;
CREATE TABLE shared_pools (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	pool_id UUID NOT NULL,
	name TEXT NOT NULL,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_shared_pools_name CHECK (name <> '')
)
;
CREATE UNIQUE INDEX uq_shared_pools_name ON shared_pools (organization_id, event_id, lower(name))
;
CREATE UNIQUE INDEX uq_shared_pools_pool_id ON shared_pools (organization_id, pool_id)
;
ALTER TABLE shared_pools ADD CONSTRAINT pk_shared_pools PRIMARY KEY (organization_id, id)
;
CREATE TABLE ticket_types (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	pool_id UUID NOT NULL,
	name TEXT NOT NULL,
	description TEXT,
	price BIGINT NOT NULL,
	tax_rate_id UUID,
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
	CONSTRAINT ck_ticket_types_name CHECK (name <> ''),
	CONSTRAINT ck_ticket_types_price CHECK (price BETWEEN 0 AND 1000000000000),
	CONSTRAINT ck_ticket_types_min_per_order CHECK (min_per_order >= 1),
	CONSTRAINT ck_ticket_types_max_per_order CHECK (max_per_order >= min_per_order),
	CONSTRAINT ck_ticket_types_metadata CHECK (jsonb_typeof(metadata) = 'object'),
	CONSTRAINT ck_ticket_types_order_of_sales CHECK (sales_end_date >= sales_start_date)
)
;
CREATE INDEX ix_ticket_types_tax_rate_id ON ticket_types (organization_id, tax_rate_id) WHERE tax_rate_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_ticket_types_name ON ticket_types (organization_id, event_id, lower(name)) WHERE deleted_at IS NULL
;
CREATE UNIQUE INDEX uq_ticket_types_pool_id ON ticket_types (organization_id, pool_id)
;
ALTER TABLE ticket_types ADD CONSTRAINT uq_ticket_types_organization_id_event_id_id UNIQUE (organization_id, event_id, id)
;
ALTER TABLE ticket_types ADD CONSTRAINT pk_ticket_types PRIMARY KEY (organization_id, id)
;
CREATE TABLE visitor_hashes (
	organization_id UUID NOT NULL,
	event_id UUID NOT NULL,
	date DATE NOT NULL,
	visitor_hash BYTEA NOT NULL,
	CONSTRAINT ck_visitor_hashes_visitor_hash CHECK (octet_length(visitor_hash) = 32)
)
;
ALTER TABLE visitor_hashes ADD CONSTRAINT pk_visitor_hashes PRIMARY KEY (organization_id, event_id, date, visitor_hash)
;
CREATE TABLE webhook_deliveries (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	endpoint_id UUID NOT NULL,
	fact_id UUID NOT NULL,
	status TEXT DEFAULT 'pending' NOT NULL,
	attempts INTEGER DEFAULT 0 NOT NULL,
	response_status SMALLINT,
	error_message TEXT,
	delivered_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_webhook_deliveries_status CHECK (status IN ('pending', 'delivered', 'failed')),
	CONSTRAINT ck_webhook_deliveries_delivered_at CHECK ((delivered_at IS NOT NULL) = (status = 'delivered')),
	CONSTRAINT ck_webhook_deliveries_attempts CHECK (attempts >= 0),
	CONSTRAINT ck_webhook_deliveries_response_status CHECK (response_status BETWEEN 100 AND 599)
)
;
CREATE INDEX ix_webhook_deliveries_endpoint_id_id ON webhook_deliveries (organization_id, endpoint_id, id)
;
CREATE INDEX ix_webhook_deliveries_fact_id ON webhook_deliveries (organization_id, fact_id)
;
CREATE INDEX ix_webhook_deliveries_status_id ON webhook_deliveries (organization_id, status, id)
;
ALTER TABLE webhook_deliveries ADD CONSTRAINT uq_webhook_deliveries_organization_id_endpoint_id_fact_id UNIQUE (organization_id, endpoint_id, fact_id)
;
ALTER TABLE webhook_deliveries ADD CONSTRAINT pk_webhook_deliveries PRIMARY KEY (organization_id, id)
;
CREATE TABLE access_links (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	ticket_type_id UUID,
	name TEXT NOT NULL,
	token_hash BYTEA NOT NULL,
	created_by UUID NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE,
	revoked_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_access_links_name CHECK (name <> ''),
	CONSTRAINT ck_access_links_token_hash CHECK (octet_length(token_hash) = 32)
)
;
CREATE INDEX ix_access_links_created_by ON access_links (organization_id, created_by)
;
CREATE INDEX ix_access_links_event_id_ticket_type_id ON access_links (organization_id, event_id, ticket_type_id)
;
ALTER TABLE access_links ADD CONSTRAINT uq_access_links_organization_id_token_hash UNIQUE (organization_id, token_hash)
;
ALTER TABLE access_links ADD CONSTRAINT pk_access_links PRIMARY KEY (organization_id, id)
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
	unit_discount BIGINT DEFAULT 0 NOT NULL,
	unit_fee BIGINT NOT NULL,
	unit_tax BIGINT DEFAULT 0 NOT NULL,
	tax_name TEXT,
	tax_rate_bps INTEGER,
	tax_included BOOLEAN,
	subtotal BIGINT NOT NULL,
	metadata JSONB DEFAULT '{}' NOT NULL,
	CONSTRAINT ck_cart_items_type CHECK (type IN ('ticket', 'merchandise', 'fee')),
	CONSTRAINT ck_cart_items_ticket_type_id CHECK ((type = 'ticket') = (ticket_type_id IS NOT NULL)),
	CONSTRAINT ck_cart_items_quantity CHECK (quantity >= 1),
	CONSTRAINT ck_cart_items_not_negative CHECK (unit_price >= 0 AND unit_fee >= 0 AND unit_tax >= 0),
	CONSTRAINT ck_cart_items_unit_discount CHECK (unit_discount BETWEEN 0 AND unit_price),
	CONSTRAINT ck_cart_items_tax CHECK (num_nonnulls(tax_name, tax_rate_bps, tax_included) IN (0, 3)),
	CONSTRAINT ck_cart_items_unit_tax CHECK (unit_tax = 0 OR tax_name IS NOT NULL),
	CONSTRAINT ck_cart_items_tax_rate_bps CHECK (tax_rate_bps BETWEEN 0 AND 10000),
	CONSTRAINT ck_cart_items_metadata CHECK (jsonb_typeof(metadata) = 'object'),
	CONSTRAINT ck_cart_items_subtotal CHECK (subtotal = quantity * unit_price)
)
;
CREATE INDEX ix_cart_items_event_id_ticket_type_id ON cart_items (organization_id, event_id, ticket_type_id)
;
ALTER TABLE cart_items ADD CONSTRAINT uq_cart_items_organization_id_cart_id_ticket_type_id UNIQUE (organization_id, cart_id, ticket_type_id)
;
ALTER TABLE cart_items ADD CONSTRAINT pk_cart_items PRIMARY KEY (organization_id, id)
;
CREATE TABLE discount_ticket_types (
	organization_id UUID NOT NULL,
	discount_id UUID NOT NULL,
	ticket_type_id UUID NOT NULL
)
;
CREATE INDEX ix_discount_ticket_types_ticket_type_id ON discount_ticket_types (organization_id, ticket_type_id)
;
ALTER TABLE discount_ticket_types ADD CONSTRAINT pk_discount_ticket_types PRIMARY KEY (organization_id, discount_id, ticket_type_id)
;
CREATE TABLE mail_log (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	campaign_id UUID,
	template TEXT COLLATE "C" NOT NULL,
	recipient TEXT NOT NULL,
	customer_id UUID,
	language TEXT DEFAULT 'en' NOT NULL,
	subject_id UUID,
	details JSONB DEFAULT '{}' NOT NULL,
	once_key TEXT COLLATE "C",
	status TEXT DEFAULT 'pending' NOT NULL,
	message_id TEXT,
	tries INTEGER DEFAULT 0 NOT NULL,
	lost INTEGER DEFAULT 0 NOT NULL,
	claimed_until TIMESTAMP WITH TIME ZONE,
	sent_at TIMESTAMP WITH TIME ZONE,
	error_message TEXT,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_mail_log_template CHECK (template <> ''),
	CONSTRAINT ck_mail_log_recipient CHECK (recipient <> ''),
	CONSTRAINT ck_mail_log_language CHECK (language IN ('en', 'de')),
	CONSTRAINT ck_mail_log_details CHECK (jsonb_typeof(details) = 'object'),
	CONSTRAINT ck_mail_log_once_key CHECK (once_key <> ''),
	CONSTRAINT ck_mail_log_status CHECK (status IN ('pending', 'sent', 'bounced', 'failed', 'dropped')),
	CONSTRAINT ck_mail_log_sent_at CHECK ((sent_at IS NOT NULL) = (status = 'sent')),
	CONSTRAINT ck_mail_log_lost CHECK (lost BETWEEN 0 AND tries),
	CONSTRAINT ck_mail_log_claimed_until CHECK (claimed_until IS NULL OR status = 'pending'),
	CONSTRAINT ck_mail_log_error_message CHECK (error_message IS NULL OR status <> 'sent')
)
;
CREATE INDEX ix_mail_log_campaign_id ON mail_log (organization_id, campaign_id) WHERE campaign_id IS NOT NULL
;
CREATE INDEX ix_mail_log_customer_id ON mail_log (organization_id, customer_id) WHERE customer_id IS NOT NULL
;
CREATE INDEX ix_mail_log_status_id ON mail_log (organization_id, status, id)
;
CREATE INDEX ix_mail_log_subject_id_id ON mail_log (organization_id, subject_id, id) WHERE subject_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_mail_log_once_key ON mail_log (organization_id, once_key) WHERE once_key IS NOT NULL
;
ALTER TABLE mail_log ADD CONSTRAINT pk_mail_log PRIMARY KEY (organization_id, id)
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
	buyer_name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(coalesce(customer ->> 'firstName' || ' ', '') || coalesce(customer ->> 'lastName', ''))) STORED NOT NULL,
	buyer_last_name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(customer ->> 'lastName')) STORED,
	language TEXT,
	status TEXT NOT NULL,
	payment_id TEXT,
	payment_method TEXT NOT NULL,
	payment_status TEXT NOT NULL,
	refunded_amount BIGINT DEFAULT 0 NOT NULL,
	notes TEXT,
	cancel_reason TEXT,
	attendees JSONB,
	expires_at TIMESTAMP WITH TIME ZONE,
	generation INTEGER DEFAULT 1 NOT NULL,
	currency TEXT NOT NULL,
	subtotal BIGINT NOT NULL,
	discount_amount BIGINT DEFAULT 0 NOT NULL,
	fees BIGINT NOT NULL,
	taxes BIGINT DEFAULT 0 NOT NULL,
	total BIGINT NOT NULL,
	discount_id UUID,
	discount_code TEXT,
	version BIGINT DEFAULT 1 NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_orders_order_number CHECK (order_number ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
	CONSTRAINT ck_orders_status CHECK (status IN ('pending', 'confirmed', 'cancelled', 'refunded', 'partial_refund')),
	CONSTRAINT ck_orders_payment_status CHECK (payment_status IN ('pending', 'paid', 'failed', 'refunded', 'partial_refund')),
	CONSTRAINT ck_orders_refunded_amount CHECK (refunded_amount BETWEEN 0 AND total),
	CONSTRAINT ck_orders_pending_expires CHECK (status <> 'pending' OR expires_at IS NOT NULL),
	CONSTRAINT ck_orders_generation CHECK (generation >= 1),
	CONSTRAINT ck_orders_cancelled_why CHECK ((cancel_reason IS NOT NULL) = (status = 'cancelled')),
	CONSTRAINT ck_orders_cancel_reason CHECK (cancel_reason IN ('unpaid', 'buyer', 'staff', 'refused', 'event_cancelled')),
	CONSTRAINT ck_orders_language CHECK (language IN ('en', 'de')),
	CONSTRAINT ck_orders_customer CHECK (coalesce(customer ->> 'email', '') <> ''),
	CONSTRAINT ck_orders_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_orders_not_negative CHECK (subtotal >= 0 AND fees >= 0 AND taxes >= 0 AND total >= 0),
	CONSTRAINT ck_orders_discount_amount CHECK (discount_amount BETWEEN 0 AND subtotal),
	CONSTRAINT ck_orders_adds_up CHECK (total = subtotal - discount_amount + fees + taxes),
	CONSTRAINT ck_orders_discount CHECK ((discount_id IS NULL) = (discount_code IS NULL)),
	CONSTRAINT ck_orders_discount_has_code CHECK (discount_amount = 0 OR discount_id IS NOT NULL)
)
;
CREATE INDEX ix_orders_buyer_last_name_key ON orders (organization_id, buyer_last_name_key)
;
CREATE INDEX ix_orders_buyer_name_key ON orders (organization_id, buyer_name_key)
;
CREATE INDEX ix_orders_created_at_id ON orders (organization_id, created_at, id)
;
CREATE INDEX ix_orders_customer_id_created_at_id ON orders (organization_id, customer_id, created_at, id)
;
CREATE INDEX ix_orders_discount_id ON orders (organization_id, discount_id) WHERE discount_id IS NOT NULL
;
CREATE INDEX ix_orders_event_id_created_at_id ON orders (organization_id, event_id, created_at, id)
;
CREATE INDEX ix_orders_payment_method_created_at_id ON orders (organization_id, payment_method, created_at, id)
;
CREATE INDEX ix_orders_payment_status_created_at_id ON orders (organization_id, payment_status, created_at, id)
;
CREATE INDEX ix_orders_status_created_at_id ON orders (organization_id, status, created_at, id)
;
CREATE INDEX ix_orders_user_id ON orders (organization_id, user_id) WHERE user_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_orders_payment_id ON orders (organization_id, payment_method, payment_id) WHERE payment_id IS NOT NULL
;
ALTER TABLE orders ADD CONSTRAINT uq_orders_organization_id_cart_id UNIQUE (organization_id, cart_id)
;
ALTER TABLE orders ADD CONSTRAINT uq_orders_organization_id_order_number UNIQUE (organization_id, order_number)
;
CREATE INDEX ix_orders_due ON orders (expires_at) WHERE status = 'pending'
;
ALTER TABLE orders ADD CONSTRAINT uq_orders_organization_id_event_id_id UNIQUE (organization_id, event_id, id)
;
ALTER TABLE orders ADD CONSTRAINT pk_orders PRIMARY KEY (organization_id, id)
;
CREATE TABLE question_ticket_types (
	organization_id UUID NOT NULL,
	question_id UUID NOT NULL,
	ticket_type_id UUID NOT NULL,
	event_id UUID NOT NULL
)
;
CREATE INDEX ix_question_ticket_types_event_id_question_id ON question_ticket_types (organization_id, event_id, question_id)
;
CREATE INDEX ix_question_ticket_types_ticket_type_id ON question_ticket_types (organization_id, ticket_type_id)
;
ALTER TABLE question_ticket_types ADD CONSTRAINT pk_question_ticket_types PRIMARY KEY (organization_id, question_id, ticket_type_id)
;
CREATE TABLE sale_reminders (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	ticket_type_id UUID NOT NULL,
	customer_id UUID NOT NULL,
	language TEXT COLLATE "C" NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL
)
;
CREATE INDEX ix_sale_reminders_customer_id ON sale_reminders (organization_id, customer_id)
;
CREATE UNIQUE INDEX uq_sale_reminders_event_id_ticket_type_id_customer_id ON sale_reminders (organization_id, event_id, ticket_type_id, customer_id)
;
ALTER TABLE sale_reminders ADD CONSTRAINT pk_sale_reminders PRIMARY KEY (organization_id, id)
;
CREATE TABLE ticket_type_pools (
	organization_id UUID NOT NULL,
	ticket_type_id UUID NOT NULL,
	pool_id UUID NOT NULL,
	event_id UUID NOT NULL
)
;
CREATE INDEX ix_ticket_type_pools_event_id_ticket_type_id ON ticket_type_pools (organization_id, event_id, ticket_type_id)
;
CREATE INDEX ix_ticket_type_pools_pool_id ON ticket_type_pools (organization_id, pool_id)
;
ALTER TABLE ticket_type_pools ADD CONSTRAINT pk_ticket_type_pools PRIMARY KEY (organization_id, ticket_type_id, pool_id)
;
CREATE TABLE waiting_list (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	ticket_type_id UUID NOT NULL,
	customer_id UUID NOT NULL,
	cart_id UUID,
	quantity INTEGER NOT NULL,
	language TEXT COLLATE "C" NOT NULL,
	status TEXT DEFAULT 'waiting' NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	offered_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT ck_waiting_list_status CHECK (status IN ('waiting', 'offered', 'taken', 'lapsed', 'left')),
	CONSTRAINT ck_waiting_list_quantity CHECK (quantity >= 1),
	CONSTRAINT ck_waiting_list_offered_at CHECK ((offered_at IS NULL) = (cart_id IS NULL)),
	CONSTRAINT ck_waiting_list_cart CHECK ((status IN ('waiting', 'left')) = (cart_id IS NULL)),
	CONSTRAINT ck_waiting_list_ended_at CHECK ((status IN ('waiting', 'offered')) = (ended_at IS NULL))
)
;
CREATE INDEX ix_waiting_list_cart_id ON waiting_list (organization_id, cart_id) WHERE cart_id IS NOT NULL
;
CREATE INDEX ix_waiting_list_customer_id ON waiting_list (organization_id, customer_id)
;
CREATE INDEX ix_waiting_list_event_id_id ON waiting_list (organization_id, event_id, id)
;
CREATE INDEX ix_waiting_list_event_id_ticket_type_id ON waiting_list (organization_id, event_id, ticket_type_id)
;
CREATE INDEX ix_waiting_list_groups ON waiting_list (organization_id, event_id, ticket_type_id, quantity) WHERE status = 'waiting'
;
CREATE INDEX ix_waiting_list_offered ON waiting_list (organization_id, event_id) WHERE status = 'offered'
;
CREATE INDEX ix_waiting_list_waiting ON waiting_list (organization_id, event_id, ticket_type_id, id) WHERE status = 'waiting'
;
CREATE UNIQUE INDEX uq_waiting_list_customer ON waiting_list (organization_id, event_id, ticket_type_id, customer_id) WHERE status IN ('waiting', 'offered')
;
ALTER TABLE waiting_list ADD CONSTRAINT pk_waiting_list PRIMARY KEY (organization_id, id)
;
CREATE TABLE approvals (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	order_id UUID NOT NULL,
	status TEXT DEFAULT 'requested' NOT NULL,
	decided_by UUID,
	decided_at TIMESTAMP WITH TIME ZONE,
	reason TEXT,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_approvals_status CHECK (status IN ('requested', 'approved', 'refused', 'lapsed')),
	CONSTRAINT ck_approvals_decided_at CHECK ((decided_at IS NOT NULL) = (status <> 'requested')),
	CONSTRAINT ck_approvals_decided_by CHECK ((decided_by IS NOT NULL) = (status IN ('approved', 'refused')))
)
;
CREATE INDEX ix_approvals_decided_by ON approvals (organization_id, decided_by) WHERE decided_by IS NOT NULL
;
CREATE INDEX ix_approvals_status_id ON approvals (organization_id, status, id)
;
ALTER TABLE approvals ADD CONSTRAINT uq_approvals_organization_id_order_id UNIQUE (organization_id, order_id)
;
ALTER TABLE approvals ADD CONSTRAINT pk_approvals PRIMARY KEY (organization_id, id)
;
CREATE TABLE invoices (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	order_id UUID NOT NULL,
	kind TEXT NOT NULL,
	cause_id UUID NOT NULL,
	series TEXT COLLATE "C" NOT NULL,
	number BIGINT NOT NULL,
	document JSONB NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_invoices_kind CHECK (kind IN ('invoice', 'credit_note')),
	CONSTRAINT ck_invoices_series CHECK (series <> ''),
	CONSTRAINT ck_invoices_number CHECK (number >= 1),
	CONSTRAINT ck_invoices_document CHECK (jsonb_typeof(document) = 'object')
)
;
CREATE INDEX ix_invoices_order_id ON invoices (organization_id, order_id)
;
ALTER TABLE invoices ADD CONSTRAINT uq_invoices_organization_id_cause_id UNIQUE (organization_id, cause_id)
;
ALTER TABLE invoices ADD CONSTRAINT uq_invoices_organization_id_series_number UNIQUE (organization_id, series, number)
;
ALTER TABLE invoices ADD CONSTRAINT pk_invoices PRIMARY KEY (organization_id, id)
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
	unit_discount BIGINT DEFAULT 0 NOT NULL,
	unit_fee BIGINT NOT NULL,
	unit_tax BIGINT DEFAULT 0 NOT NULL,
	tax_name TEXT,
	tax_rate_bps INTEGER,
	tax_included BOOLEAN,
	subtotal BIGINT NOT NULL,
	metadata JSONB DEFAULT '{}' NOT NULL,
	CONSTRAINT ck_order_items_type CHECK (type IN ('ticket', 'merchandise', 'fee')),
	CONSTRAINT ck_order_items_ticket_type_id CHECK ((type = 'ticket') = (ticket_type_id IS NOT NULL)),
	CONSTRAINT ck_order_items_quantity CHECK (quantity >= 1),
	CONSTRAINT ck_order_items_not_negative CHECK (unit_price >= 0 AND unit_fee >= 0 AND unit_tax >= 0),
	CONSTRAINT ck_order_items_unit_discount CHECK (unit_discount BETWEEN 0 AND unit_price),
	CONSTRAINT ck_order_items_tax CHECK (num_nonnulls(tax_name, tax_rate_bps, tax_included) IN (0, 3)),
	CONSTRAINT ck_order_items_unit_tax CHECK (unit_tax = 0 OR tax_name IS NOT NULL),
	CONSTRAINT ck_order_items_tax_rate_bps CHECK (tax_rate_bps BETWEEN 0 AND 10000),
	CONSTRAINT ck_order_items_metadata CHECK (jsonb_typeof(metadata) = 'object'),
	CONSTRAINT ck_order_items_subtotal CHECK (subtotal = quantity * unit_price)
)
;
CREATE INDEX ix_order_items_event_id_ticket_type_id ON order_items (organization_id, event_id, ticket_type_id)
;
CREATE INDEX ix_order_items_order_id ON order_items (organization_id, order_id)
;
ALTER TABLE order_items ADD CONSTRAINT uq_order_items_organization_id_event_id_id UNIQUE (organization_id, event_id, id)
;
ALTER TABLE order_items ADD CONSTRAINT pk_order_items PRIMARY KEY (organization_id, id)
;
CREATE TABLE payment_attempts (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	order_id UUID NOT NULL,
	provider TEXT COLLATE "C" NOT NULL,
	amount BIGINT NOT NULL,
	currency TEXT NOT NULL,
	status TEXT DEFAULT 'created' NOT NULL,
	reference TEXT COLLATE "C",
	error_message TEXT,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_payment_attempts_provider CHECK (provider <> ''),
	CONSTRAINT ck_payment_attempts_amount CHECK (amount BETWEEN 1 AND 1000000000000000),
	CONSTRAINT ck_payment_attempts_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_payment_attempts_status CHECK (status IN ('created', 'pending', 'succeeded', 'failed', 'cancelled')),
	CONSTRAINT ck_payment_attempts_error_message CHECK (error_message IS NULL OR status = 'failed')
)
;
CREATE INDEX ix_payment_attempts_event_id_order_id ON payment_attempts (organization_id, event_id, order_id)
;
CREATE INDEX ix_payment_attempts_order_id_id ON payment_attempts (organization_id, order_id, id)
;
CREATE UNIQUE INDEX uq_payment_attempts_live ON payment_attempts (organization_id, order_id) WHERE status IN ('created', 'pending', 'succeeded')
;
CREATE UNIQUE INDEX uq_payment_attempts_reference ON payment_attempts (organization_id, provider, reference) WHERE reference IS NOT NULL
;
CREATE INDEX ix_payment_attempts_unanswered ON payment_attempts (updated_at) WHERE status = 'created'
;
ALTER TABLE payment_attempts ADD CONSTRAINT uq_payment_attempts_organization_id_event_id_id UNIQUE (organization_id, event_id, id)
;
ALTER TABLE payment_attempts ADD CONSTRAINT pk_payment_attempts PRIMARY KEY (organization_id, id)
;
CREATE TABLE transactions (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	order_id UUID,
	user_id UUID,
	type TEXT NOT NULL,
	amount BIGINT NOT NULL,
	currency TEXT NOT NULL,
	payment_method TEXT COLLATE "C" NOT NULL,
	payment_method_id TEXT COLLATE "C",
	payment_intent_id TEXT COLLATE "C",
	status TEXT DEFAULT 'pending' NOT NULL,
	gateway_fee BIGINT DEFAULT 0 NOT NULL,
	platform_fee BIGINT DEFAULT 0 NOT NULL,
	metadata JSONB DEFAULT '{}' NOT NULL,
	error_message TEXT,
	completed_at TIMESTAMP WITH TIME ZONE,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_transactions_type CHECK (type IN ('purchase', 'refund', 'chargeback', 'payout')),
	CONSTRAINT ck_transactions_order_id CHECK ((type = 'payout') = (order_id IS NULL)),
	CONSTRAINT ck_transactions_amount CHECK (amount BETWEEN 1 AND 1000000000000000),
	CONSTRAINT ck_transactions_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_transactions_payment_method CHECK (payment_method <> ''),
	CONSTRAINT ck_transactions_status CHECK (status IN ('pending', 'completed', 'failed', 'cancelled')),
	CONSTRAINT ck_transactions_metadata CHECK (jsonb_typeof(metadata) = 'object'),
	CONSTRAINT ck_transactions_fees CHECK (gateway_fee >= 0 AND platform_fee >= 0),
	CONSTRAINT ck_transactions_error_message CHECK (error_message IS NULL OR status = 'failed')
)
;
CREATE INDEX ix_transactions_created_at_id ON transactions (organization_id, created_at, id)
;
CREATE INDEX ix_transactions_order_id ON transactions (organization_id, order_id) WHERE order_id IS NOT NULL
;
CREATE INDEX ix_transactions_status_created_at_id ON transactions (organization_id, status, created_at, id)
;
CREATE INDEX ix_transactions_type_created_at_id ON transactions (organization_id, type, created_at, id)
;
CREATE INDEX ix_transactions_user_id ON transactions (organization_id, user_id) WHERE user_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_transactions_payment_intent_id ON transactions (organization_id, payment_method, payment_intent_id) WHERE payment_intent_id IS NOT NULL
;
ALTER TABLE transactions ADD CONSTRAINT pk_transactions PRIMARY KEY (organization_id, id)
;
CREATE TABLE answers (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	question_id UUID NOT NULL,
	order_id UUID NOT NULL,
	order_item_id UUID,
	place INTEGER,
	value JSONB NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_answers_one_ticket CHECK ((order_item_id IS NULL) = (place IS NULL)),
	CONSTRAINT ck_answers_place CHECK (place >= 1)
)
;
CREATE INDEX ix_answers_event_id_question_id ON answers (organization_id, event_id, question_id)
;
CREATE INDEX ix_answers_order_item_id ON answers (organization_id, order_item_id) WHERE order_item_id IS NOT NULL
;
ALTER TABLE answers ADD CONSTRAINT uq_answers_organization_id_order_id_question_id_order_i_ad34 UNIQUE NULLS NOT DISTINCT (organization_id, order_id, question_id, order_item_id, place)
;
ALTER TABLE answers ADD CONSTRAINT pk_answers PRIMARY KEY (organization_id, id)
;
CREATE TABLE disputes (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	order_id UUID NOT NULL,
	provider TEXT COLLATE "C" NOT NULL,
	reference TEXT COLLATE "C" NOT NULL,
	amount BIGINT NOT NULL,
	currency TEXT NOT NULL,
	reason TEXT,
	status TEXT DEFAULT 'open' NOT NULL,
	transaction_id UUID,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_disputes_provider CHECK (provider <> ''),
	CONSTRAINT ck_disputes_reference CHECK (reference <> ''),
	CONSTRAINT ck_disputes_amount CHECK (amount BETWEEN 1 AND 1000000000000000),
	CONSTRAINT ck_disputes_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_disputes_status CHECK (status IN ('open', 'won', 'lost'))
)
;
CREATE INDEX ix_disputes_order_id ON disputes (organization_id, order_id)
;
CREATE INDEX ix_disputes_status_id ON disputes (organization_id, status, id)
;
CREATE INDEX ix_disputes_transaction_id ON disputes (organization_id, transaction_id) WHERE transaction_id IS NOT NULL
;
ALTER TABLE disputes ADD CONSTRAINT uq_disputes_organization_id_provider_reference UNIQUE (organization_id, provider, reference)
;
ALTER TABLE disputes ADD CONSTRAINT pk_disputes PRIMARY KEY (organization_id, id)
;
CREATE TABLE ledger_transfers (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	transaction_id UUID NOT NULL,
	debit_account_id UUID NOT NULL,
	credit_account_id UUID NOT NULL,
	currency TEXT NOT NULL,
	amount BIGINT NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_ledger_transfers_amount CHECK (amount BETWEEN 1 AND 1000000000000000),
	CONSTRAINT ck_ledger_transfers_two_accounts CHECK (debit_account_id <> credit_account_id)
)
;
CREATE INDEX ix_ledger_transfers_credit_account_id_currency ON ledger_transfers (organization_id, credit_account_id, currency)
;
CREATE INDEX ix_ledger_transfers_debit_account_id_currency ON ledger_transfers (organization_id, debit_account_id, currency)
;
CREATE INDEX ix_ledger_transfers_transaction_id ON ledger_transfers (organization_id, transaction_id)
;
ALTER TABLE ledger_transfers ADD CONSTRAINT pk_ledger_transfers PRIMARY KEY (organization_id, id)
;
CREATE TABLE payouts (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	provider_account_id UUID NOT NULL,
	user_id UUID,
	amount BIGINT NOT NULL,
	currency TEXT NOT NULL,
	status TEXT DEFAULT 'pending' NOT NULL,
	reference TEXT COLLATE "C",
	transaction_id UUID,
	error_message TEXT,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_payouts_amount CHECK (amount BETWEEN 1 AND 1000000000000000),
	CONSTRAINT ck_payouts_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_payouts_status CHECK (status IN ('pending', 'completed', 'failed', 'cancelled')),
	CONSTRAINT ck_payouts_error_message CHECK (error_message IS NULL OR status = 'failed')
)
;
CREATE INDEX ix_payouts_provider_account_id_id ON payouts (organization_id, provider_account_id, id)
;
CREATE INDEX ix_payouts_status_id ON payouts (organization_id, status, id)
;
CREATE INDEX ix_payouts_user_id ON payouts (organization_id, user_id) WHERE user_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_payouts_reference ON payouts (organization_id, provider_account_id, reference) WHERE reference IS NOT NULL
;
CREATE UNIQUE INDEX uq_payouts_transaction_id ON payouts (organization_id, transaction_id) WHERE transaction_id IS NOT NULL
;
ALTER TABLE payouts ADD CONSTRAINT pk_payouts PRIMARY KEY (organization_id, id)
;
CREATE TABLE refunds (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	event_id UUID NOT NULL,
	order_id UUID NOT NULL,
	user_id UUID,
	provider TEXT COLLATE "C" NOT NULL,
	amount BIGINT NOT NULL,
	currency TEXT NOT NULL,
	reason TEXT,
	status TEXT NOT NULL,
	transaction_id UUID,
	error_message TEXT,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_refunds_amount CHECK (amount BETWEEN 1 AND 1000000000000000),
	CONSTRAINT ck_refunds_currency CHECK (currency ~ '^[A-Z]{3}$'),
	CONSTRAINT ck_refunds_provider CHECK (provider <> ''),
	CONSTRAINT ck_refunds_status CHECK (status IN ('due', 'pending', 'completed', 'failed')),
	CONSTRAINT ck_refunds_transaction_id CHECK ((transaction_id IS NOT NULL) = (status = 'completed')),
	CONSTRAINT ck_refunds_error_message CHECK (error_message IS NULL OR status = 'failed')
)
;
CREATE INDEX ix_refunds_event_id_order_id ON refunds (organization_id, event_id, order_id)
;
CREATE INDEX ix_refunds_order_id_id ON refunds (organization_id, order_id, id)
;
CREATE INDEX ix_refunds_status_id ON refunds (organization_id, status, id)
;
CREATE INDEX ix_refunds_user_id ON refunds (organization_id, user_id) WHERE user_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_refunds_open ON refunds (organization_id, order_id) WHERE status IN ('due', 'pending')
;
CREATE UNIQUE INDEX uq_refunds_transaction_id ON refunds (organization_id, transaction_id) WHERE transaction_id IS NOT NULL
;
CREATE INDEX ix_refunds_unanswered ON refunds (updated_at) WHERE status = 'pending'
;
ALTER TABLE refunds ADD CONSTRAINT uq_refunds_organization_id_event_id_id UNIQUE (organization_id, event_id, id)
;
ALTER TABLE refunds ADD CONSTRAINT pk_refunds PRIMARY KEY (organization_id, id)
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
	attendee_name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(coalesce(attendee_info ->> 'firstName' || ' ', '') || coalesce(attendee_info ->> 'lastName', ''))) STORED,
	attendee_last_name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(attendee_info ->> 'lastName')) STORED,
	attendee_email_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(attendee_info ->> 'email')) STORED,
	checked_in_at TIMESTAMP WITH TIME ZONE,
	checked_in_by_user_id UUID,
	checked_in_by_device_id UUID,
	transferred_at TIMESTAMP WITH TIME ZONE,
	transferred_from UUID,
	transferred_to UUID,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_tickets_code CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
	CONSTRAINT ck_tickets_status CHECK (status IN ('valid', 'used', 'cancelled', 'refunded')),
	CONSTRAINT ck_tickets_generation CHECK (generation >= 1),
	CONSTRAINT ck_tickets_used_at CHECK (status <> 'used' OR checked_in_at IS NOT NULL),
	CONSTRAINT ck_tickets_checked_in_by CHECK (checked_in_at IS NULL OR num_nonnulls(checked_in_by_user_id, checked_in_by_device_id) = 1),
	CONSTRAINT ck_tickets_transferred CHECK ((transferred_at IS NULL) = (transferred_to IS NULL))
)
 WITH (fillfactor = 90)
;
CREATE INDEX ix_tickets_attendee_email_key ON tickets (organization_id, attendee_email_key)
;
CREATE INDEX ix_tickets_attendee_last_name_key ON tickets (organization_id, attendee_last_name_key)
;
CREATE INDEX ix_tickets_attendee_name_key ON tickets (organization_id, attendee_name_key)
;
CREATE INDEX ix_tickets_created_at_id ON tickets (organization_id, created_at, id)
;
CREATE INDEX ix_tickets_event_id_created_at_id ON tickets (organization_id, event_id, created_at, id)
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
ALTER TABLE tickets ADD CONSTRAINT uq_tickets_organization_id_code UNIQUE (organization_id, code)
;
ALTER TABLE tickets ADD CONSTRAINT pk_tickets PRIMARY KEY (organization_id, id)
;
CREATE TABLE refund_lines (
	organization_id UUID NOT NULL,
	refund_id UUID NOT NULL,
	order_item_id UUID NOT NULL,
	event_id UUID NOT NULL,
	quantity INTEGER NOT NULL,
	amount BIGINT NOT NULL,
	CONSTRAINT ck_refund_lines_quantity CHECK (quantity >= 1),
	CONSTRAINT ck_refund_lines_amount CHECK (amount >= 0)
)
;
CREATE INDEX ix_refund_lines_event_id_order_item_id ON refund_lines (organization_id, event_id, order_item_id)
;
CREATE INDEX ix_refund_lines_event_id_refund_id ON refund_lines (organization_id, event_id, refund_id)
;
ALTER TABLE refund_lines ADD CONSTRAINT pk_refund_lines PRIMARY KEY (organization_id, refund_id, order_item_id)
;
CREATE TABLE refund_tickets (
	organization_id UUID NOT NULL,
	refund_id UUID NOT NULL,
	ticket_id UUID NOT NULL,
	event_id UUID NOT NULL
)
;
CREATE INDEX ix_refund_tickets_event_id_refund_id ON refund_tickets (organization_id, event_id, refund_id)
;
CREATE INDEX ix_refund_tickets_ticket_id ON refund_tickets (organization_id, ticket_id)
;
ALTER TABLE refund_tickets ADD CONSTRAINT pk_refund_tickets PRIMARY KEY (organization_id, refund_id, ticket_id)
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
	presented_hash BYTEA,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_scans_result CHECK (result IN ('admitted', 'already_used', 'cancelled', 'refunded', 'wrong_event', 'unknown', 'tampered', 'superseded', 'undone')),
	CONSTRAINT ck_scans_scanned_by CHECK (num_nonnulls(device_id, user_id) = 1),
	CONSTRAINT ck_scans_ticket_id CHECK ((ticket_id IS NULL) = (result IN ('unknown', 'tampered'))),
	CONSTRAINT ck_scans_presented_hash CHECK (octet_length(presented_hash) = 32),
	CONSTRAINT ck_scans_undone CHECK ((presented_hash IS NULL) = (result = 'undone'))
)
;
CREATE INDEX ix_scans_event_id_id ON scans (organization_id, event_id, id)
;
CREATE INDEX ix_scans_scan_id ON scans (organization_id, scan_id) WHERE scan_id IS NOT NULL
;
CREATE INDEX ix_scans_ticket_id ON scans (organization_id, ticket_id) WHERE ticket_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_scans_device_scan ON scans (organization_id, device_id, scan_id) WHERE device_id IS NOT NULL
;
CREATE UNIQUE INDEX uq_scans_user_scan ON scans (organization_id, user_id, scan_id) WHERE user_id IS NOT NULL
;
ALTER TABLE scans ADD CONSTRAINT pk_scans PRIMARY KEY (organization_id, id)
;
CREATE TABLE transfers (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	ticket_id UUID NOT NULL,
	from_customer_id UUID NOT NULL,
	to_customer_id UUID NOT NULL,
	generation INTEGER NOT NULL,
	former_code TEXT COLLATE "C" NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE DEFAULT foyer_now() NOT NULL,
	CONSTRAINT ck_transfers_former_code CHECK (former_code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
	CONSTRAINT ck_transfers_generation CHECK (generation >= 2)
)
;
CREATE INDEX ix_transfers_from_customer_id ON transfers (organization_id, from_customer_id)
;
CREATE INDEX ix_transfers_to_customer_id ON transfers (organization_id, to_customer_id)
;
ALTER TABLE transfers ADD CONSTRAINT uq_transfers_organization_id_former_code UNIQUE (organization_id, former_code)
;
ALTER TABLE transfers ADD CONSTRAINT uq_transfers_organization_id_ticket_id_generation UNIQUE (organization_id, ticket_id, generation)
;
ALTER TABLE transfers ADD CONSTRAINT pk_transfers PRIMARY KEY (organization_id, id)
;
ALTER TABLE access_links ADD CONSTRAINT fk_access_links_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE access_links ADD CONSTRAINT fk_access_links_organization_id_created_by FOREIGN KEY(organization_id, created_by) REFERENCES users (organization_id, id)
;
ALTER TABLE access_links ADD CONSTRAINT fk_access_links_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE access_links ADD CONSTRAINT fk_access_links_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id)
;
ALTER TABLE answers ADD CONSTRAINT fk_answers_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE answers ADD CONSTRAINT fk_answers_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id)
;
ALTER TABLE answers ADD CONSTRAINT fk_answers_organization_id_event_id_order_item_id FOREIGN KEY(organization_id, event_id, order_item_id) REFERENCES order_items (organization_id, event_id, id)
;
ALTER TABLE answers ADD CONSTRAINT fk_answers_organization_id_event_id_question_id FOREIGN KEY(organization_id, event_id, question_id) REFERENCES questions (organization_id, event_id, id)
;
ALTER TABLE api_keys ADD CONSTRAINT fk_api_keys_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE api_keys ADD CONSTRAINT fk_api_keys_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE approvals ADD CONSTRAINT fk_approvals_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE approvals ADD CONSTRAINT fk_approvals_organization_id_decided_by FOREIGN KEY(organization_id, decided_by) REFERENCES users (organization_id, id)
;
ALTER TABLE approvals ADD CONSTRAINT fk_approvals_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id)
;
ALTER TABLE buyer_sessions ADD CONSTRAINT fk_buyer_sessions_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE buyer_sessions ADD CONSTRAINT fk_buyer_sessions_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id)
;
ALTER TABLE cart_items ADD CONSTRAINT fk_cart_items_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE cart_items ADD CONSTRAINT fk_cart_items_organization_id_event_id_cart_id FOREIGN KEY(organization_id, event_id, cart_id) REFERENCES carts (organization_id, event_id, id) ON DELETE CASCADE
;
ALTER TABLE cart_items ADD CONSTRAINT fk_cart_items_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id)
;
ALTER TABLE carts ADD CONSTRAINT fk_carts_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE carts ADD CONSTRAINT fk_carts_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id)
;
ALTER TABLE carts ADD CONSTRAINT fk_carts_organization_id_discount_id FOREIGN KEY(organization_id, discount_id) REFERENCES discounts (organization_id, id)
;
ALTER TABLE carts ADD CONSTRAINT fk_carts_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE carts ADD CONSTRAINT fk_carts_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE consents ADD CONSTRAINT fk_consents_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE consents ADD CONSTRAINT fk_consents_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id)
;
ALTER TABLE custom_domains ADD CONSTRAINT fk_custom_domains_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE customers ADD CONSTRAINT fk_customers_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE device_events ADD CONSTRAINT fk_device_events_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE device_events ADD CONSTRAINT fk_device_events_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES devices (organization_id, id)
;
ALTER TABLE device_events ADD CONSTRAINT fk_device_events_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE device_pairings ADD CONSTRAINT fk_device_pairings_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE device_pairings ADD CONSTRAINT fk_device_pairings_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES devices (organization_id, id)
;
ALTER TABLE device_pairings ADD CONSTRAINT fk_device_pairings_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE devices ADD CONSTRAINT fk_devices_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE devices ADD CONSTRAINT fk_devices_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE discount_ticket_types ADD CONSTRAINT fk_discount_ticket_types_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE discount_ticket_types ADD CONSTRAINT fk_discount_ticket_types_organization_id_discount_id FOREIGN KEY(organization_id, discount_id) REFERENCES discounts (organization_id, id)
;
ALTER TABLE discount_ticket_types ADD CONSTRAINT fk_discount_ticket_types_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_types (organization_id, id)
;
ALTER TABLE discount_uses ADD CONSTRAINT fk_discount_uses_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE discount_uses ADD CONSTRAINT fk_discount_uses_organization_id_discount_id FOREIGN KEY(organization_id, discount_id) REFERENCES discounts (organization_id, id)
;
ALTER TABLE discounts ADD CONSTRAINT fk_discounts_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE discounts ADD CONSTRAINT fk_discounts_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pools (organization_id, id)
;
ALTER TABLE disputes ADD CONSTRAINT fk_disputes_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE disputes ADD CONSTRAINT fk_disputes_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id)
;
ALTER TABLE disputes ADD CONSTRAINT fk_disputes_organization_id_transaction_id FOREIGN KEY(organization_id, transaction_id) REFERENCES transactions (organization_id, id)
;
ALTER TABLE domain_proofs ADD CONSTRAINT fk_domain_proofs_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE domain_proofs ADD CONSTRAINT fk_domain_proofs_organization_id_custom_domain_id FOREIGN KEY(organization_id, custom_domain_id) REFERENCES custom_domains (organization_id, id)
;
ALTER TABLE event_analytics ADD CONSTRAINT fk_event_analytics_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE event_analytics ADD CONSTRAINT fk_event_analytics_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE event_images ADD CONSTRAINT fk_event_images_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE event_images ADD CONSTRAINT fk_event_images_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE event_images ADD CONSTRAINT fk_event_images_organization_id_file_id FOREIGN KEY(organization_id, file_id) REFERENCES files (organization_id, id)
;
ALTER TABLE event_series ADD CONSTRAINT fk_event_series_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE event_translations ADD CONSTRAINT fk_event_translations_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE event_translations ADD CONSTRAINT fk_event_translations_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE events ADD CONSTRAINT fk_events_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE events ADD CONSTRAINT fk_events_organization_id_created_by FOREIGN KEY(organization_id, created_by) REFERENCES users (organization_id, id)
;
ALTER TABLE events ADD CONSTRAINT fk_events_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pools (organization_id, id)
;
ALTER TABLE events ADD CONSTRAINT fk_events_organization_id_series_id FOREIGN KEY(organization_id, series_id) REFERENCES event_series (organization_id, id)
;
ALTER TABLE events ADD CONSTRAINT fk_events_organization_id_updated_by FOREIGN KEY(organization_id, updated_by) REFERENCES users (organization_id, id)
;
ALTER TABLE gates ADD CONSTRAINT fk_gates_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE gates ADD CONSTRAINT fk_gates_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE installed_plugins ADD CONSTRAINT fk_installed_plugins_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE installed_plugins ADD CONSTRAINT fk_installed_plugins_organization_id_installed_by FOREIGN KEY(organization_id, installed_by) REFERENCES users (organization_id, id)
;
ALTER TABLE installed_plugins ADD CONSTRAINT fk_installed_plugins_plugin_id_version FOREIGN KEY(plugin_id, version) REFERENCES plugin_versions (plugin_id, version)
;
ALTER TABLE invitations ADD CONSTRAINT fk_invitations_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE invitations ADD CONSTRAINT fk_invitations_organization_id_invited_by FOREIGN KEY(organization_id, invited_by) REFERENCES users (organization_id, id)
;
ALTER TABLE invitations ADD CONSTRAINT fk_invitations_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE invoice_numbers ADD CONSTRAINT fk_invoice_numbers_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE invoices ADD CONSTRAINT fk_invoices_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE invoices ADD CONSTRAINT fk_invoices_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id)
;
ALTER TABLE ledger_accounts ADD CONSTRAINT fk_ledger_accounts_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE ledger_transfers ADD CONSTRAINT fk_ledger_transfers_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE ledger_transfers ADD CONSTRAINT fk_ledger_transfers_organization_id_credit_account_id_currency FOREIGN KEY(organization_id, credit_account_id, currency) REFERENCES ledger_accounts (organization_id, id, currency)
;
ALTER TABLE ledger_transfers ADD CONSTRAINT fk_ledger_transfers_organization_id_debit_account_id_currency FOREIGN KEY(organization_id, debit_account_id, currency) REFERENCES ledger_accounts (organization_id, id, currency)
;
ALTER TABLE ledger_transfers ADD CONSTRAINT fk_ledger_transfers_organization_id_transaction_id FOREIGN KEY(organization_id, transaction_id) REFERENCES transactions (organization_id, id)
;
ALTER TABLE mail_log ADD CONSTRAINT fk_mail_log_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE mail_log ADD CONSTRAINT fk_mail_log_organization_id_campaign_id FOREIGN KEY(organization_id, campaign_id) REFERENCES message_campaigns (organization_id, id)
;
ALTER TABLE mail_log ADD CONSTRAINT fk_mail_log_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id)
;
ALTER TABLE mail_opt_outs ADD CONSTRAINT fk_mail_opt_outs_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE message_campaigns ADD CONSTRAINT fk_message_campaigns_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE message_campaigns ADD CONSTRAINT fk_message_campaigns_organization_id_created_by FOREIGN KEY(organization_id, created_by) REFERENCES users (organization_id, id)
;
ALTER TABLE message_campaigns ADD CONSTRAINT fk_message_campaigns_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE one_time_codes ADD CONSTRAINT fk_one_time_codes_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE one_time_codes ADD CONSTRAINT fk_one_time_codes_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE order_items ADD CONSTRAINT fk_order_items_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE order_items ADD CONSTRAINT fk_order_items_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id)
;
ALTER TABLE order_items ADD CONSTRAINT fk_order_items_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id)
;
ALTER TABLE orders ADD CONSTRAINT fk_orders_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE orders ADD CONSTRAINT fk_orders_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id)
;
ALTER TABLE orders ADD CONSTRAINT fk_orders_organization_id_discount_id FOREIGN KEY(organization_id, discount_id) REFERENCES discounts (organization_id, id)
;
ALTER TABLE orders ADD CONSTRAINT fk_orders_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE orders ADD CONSTRAINT fk_orders_organization_id_event_id_cart_id FOREIGN KEY(organization_id, event_id, cart_id) REFERENCES carts (organization_id, event_id, id)
;
ALTER TABLE orders ADD CONSTRAINT fk_orders_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE organization_settings ADD CONSTRAINT fk_organization_settings_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE organization_slugs ADD CONSTRAINT fk_organization_slugs_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE passkeys ADD CONSTRAINT fk_passkeys_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE passkeys ADD CONSTRAINT fk_passkeys_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE payment_attempts ADD CONSTRAINT fk_payment_attempts_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE payment_attempts ADD CONSTRAINT fk_payment_attempts_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id)
;
ALTER TABLE payouts ADD CONSTRAINT fk_payouts_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE payouts ADD CONSTRAINT fk_payouts_organization_id_provider_account_id FOREIGN KEY(organization_id, provider_account_id) REFERENCES provider_accounts (organization_id, id)
;
ALTER TABLE payouts ADD CONSTRAINT fk_payouts_organization_id_transaction_id FOREIGN KEY(organization_id, transaction_id) REFERENCES transactions (organization_id, id)
;
ALTER TABLE payouts ADD CONSTRAINT fk_payouts_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE plan_usage ADD CONSTRAINT fk_plan_usage_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE plugin_consents ADD CONSTRAINT fk_plugin_consents_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE plugin_consents ADD CONSTRAINT fk_plugin_consents_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE plugin_consents ADD CONSTRAINT fk_plugin_consents_plugin_id_version FOREIGN KEY(plugin_id, version) REFERENCES plugin_versions (plugin_id, version)
;
ALTER TABLE plugin_storage ADD CONSTRAINT fk_plugin_storage_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE plugin_storage ADD CONSTRAINT fk_plugin_storage_organization_id_installed_plugin_id FOREIGN KEY(organization_id, installed_plugin_id) REFERENCES installed_plugins (organization_id, id)
;
ALTER TABLE plugin_versions ADD CONSTRAINT fk_plugin_versions_plugin_id FOREIGN KEY(plugin_id) REFERENCES plugins (id)
;
ALTER TABLE pools ADD CONSTRAINT fk_pools_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE provider_accounts ADD CONSTRAINT fk_provider_accounts_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE question_ticket_types ADD CONSTRAINT fk_question_ticket_types_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE question_ticket_types ADD CONSTRAINT fk_question_ticket_types_organization_id_event_id_question_id FOREIGN KEY(organization_id, event_id, question_id) REFERENCES questions (organization_id, event_id, id)
;
ALTER TABLE question_ticket_types ADD CONSTRAINT fk_question_ticket_types_organization_id_event_id_ticke_7c15 FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id)
;
ALTER TABLE questions ADD CONSTRAINT fk_questions_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE questions ADD CONSTRAINT fk_questions_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE recovery_codes ADD CONSTRAINT fk_recovery_codes_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE recovery_codes ADD CONSTRAINT fk_recovery_codes_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE refund_lines ADD CONSTRAINT fk_refund_lines_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE refund_lines ADD CONSTRAINT fk_refund_lines_organization_id_event_id_order_item_id FOREIGN KEY(organization_id, event_id, order_item_id) REFERENCES order_items (organization_id, event_id, id)
;
ALTER TABLE refund_lines ADD CONSTRAINT fk_refund_lines_organization_id_event_id_refund_id FOREIGN KEY(organization_id, event_id, refund_id) REFERENCES refunds (organization_id, event_id, id)
;
ALTER TABLE refund_tickets ADD CONSTRAINT fk_refund_tickets_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE refund_tickets ADD CONSTRAINT fk_refund_tickets_organization_id_event_id_refund_id FOREIGN KEY(organization_id, event_id, refund_id) REFERENCES refunds (organization_id, event_id, id)
;
ALTER TABLE refund_tickets ADD CONSTRAINT fk_refund_tickets_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES tickets (organization_id, id)
;
ALTER TABLE refunds ADD CONSTRAINT fk_refunds_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE refunds ADD CONSTRAINT fk_refunds_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id)
;
ALTER TABLE refunds ADD CONSTRAINT fk_refunds_organization_id_transaction_id FOREIGN KEY(organization_id, transaction_id) REFERENCES transactions (organization_id, id)
;
ALTER TABLE refunds ADD CONSTRAINT fk_refunds_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE sale_reminders ADD CONSTRAINT fk_sale_reminders_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE sale_reminders ADD CONSTRAINT fk_sale_reminders_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id)
;
ALTER TABLE sale_reminders ADD CONSTRAINT fk_sale_reminders_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE sale_reminders ADD CONSTRAINT fk_sale_reminders_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id)
;
ALTER TABLE sales_analytics ADD CONSTRAINT fk_sales_analytics_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE scans ADD CONSTRAINT fk_scans_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE scans ADD CONSTRAINT fk_scans_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES devices (organization_id, id)
;
ALTER TABLE scans ADD CONSTRAINT fk_scans_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE scans ADD CONSTRAINT fk_scans_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES tickets (organization_id, id)
;
ALTER TABLE scans ADD CONSTRAINT fk_scans_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE session_families ADD CONSTRAINT fk_session_families_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE session_families ADD CONSTRAINT fk_session_families_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE sessions ADD CONSTRAINT fk_sessions_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE sessions ADD CONSTRAINT fk_sessions_organization_id_family_id FOREIGN KEY(organization_id, family_id) REFERENCES session_families (organization_id, id)
;
ALTER TABLE shared_pools ADD CONSTRAINT fk_shared_pools_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE shared_pools ADD CONSTRAINT fk_shared_pools_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE shared_pools ADD CONSTRAINT fk_shared_pools_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pools (organization_id, id)
;
ALTER TABLE signing_keys ADD CONSTRAINT fk_signing_keys_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE tax_rates ADD CONSTRAINT fk_tax_rates_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE ticket_type_pools ADD CONSTRAINT fk_ticket_type_pools_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE ticket_type_pools ADD CONSTRAINT fk_ticket_type_pools_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id)
;
ALTER TABLE ticket_type_pools ADD CONSTRAINT fk_ticket_type_pools_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pools (organization_id, id)
;
ALTER TABLE ticket_types ADD CONSTRAINT fk_ticket_types_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE ticket_types ADD CONSTRAINT fk_ticket_types_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE ticket_types ADD CONSTRAINT fk_ticket_types_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pools (organization_id, id)
;
ALTER TABLE ticket_types ADD CONSTRAINT fk_ticket_types_organization_id_tax_rate_id FOREIGN KEY(organization_id, tax_rate_id) REFERENCES tax_rates (organization_id, id)
;
ALTER TABLE tickets ADD CONSTRAINT fk_tickets_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE tickets ADD CONSTRAINT fk_tickets_organization_id_checked_in_by_device_id FOREIGN KEY(organization_id, checked_in_by_device_id) REFERENCES devices (organization_id, id)
;
ALTER TABLE tickets ADD CONSTRAINT fk_tickets_organization_id_checked_in_by_user_id FOREIGN KEY(organization_id, checked_in_by_user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE tickets ADD CONSTRAINT fk_tickets_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE tickets ADD CONSTRAINT fk_tickets_organization_id_event_id_order_id FOREIGN KEY(organization_id, event_id, order_id) REFERENCES orders (organization_id, event_id, id)
;
ALTER TABLE tickets ADD CONSTRAINT fk_tickets_organization_id_event_id_order_item_id FOREIGN KEY(organization_id, event_id, order_item_id) REFERENCES order_items (organization_id, event_id, id)
;
ALTER TABLE tickets ADD CONSTRAINT fk_tickets_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id)
;
ALTER TABLE tickets ADD CONSTRAINT fk_tickets_organization_id_transferred_from FOREIGN KEY(organization_id, transferred_from) REFERENCES customers (organization_id, id)
;
ALTER TABLE tickets ADD CONSTRAINT fk_tickets_organization_id_transferred_to FOREIGN KEY(organization_id, transferred_to) REFERENCES customers (organization_id, id)
;
ALTER TABLE totp_secrets ADD CONSTRAINT fk_totp_secrets_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE totp_secrets ADD CONSTRAINT fk_totp_secrets_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE transactions ADD CONSTRAINT fk_transactions_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE transactions ADD CONSTRAINT fk_transactions_organization_id_order_id FOREIGN KEY(organization_id, order_id) REFERENCES orders (organization_id, id)
;
ALTER TABLE transactions ADD CONSTRAINT fk_transactions_organization_id_user_id FOREIGN KEY(organization_id, user_id) REFERENCES users (organization_id, id)
;
ALTER TABLE transfers ADD CONSTRAINT fk_transfers_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE transfers ADD CONSTRAINT fk_transfers_organization_id_from_customer_id FOREIGN KEY(organization_id, from_customer_id) REFERENCES customers (organization_id, id)
;
ALTER TABLE transfers ADD CONSTRAINT fk_transfers_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES tickets (organization_id, id)
;
ALTER TABLE transfers ADD CONSTRAINT fk_transfers_organization_id_to_customer_id FOREIGN KEY(organization_id, to_customer_id) REFERENCES customers (organization_id, id)
;
ALTER TABLE users ADD CONSTRAINT fk_users_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE visitor_hashes ADD CONSTRAINT fk_visitor_hashes_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE visitor_hashes ADD CONSTRAINT fk_visitor_hashes_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE waiting_list ADD CONSTRAINT fk_waiting_list_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE waiting_list ADD CONSTRAINT fk_waiting_list_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id)
;
ALTER TABLE waiting_list ADD CONSTRAINT fk_waiting_list_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES events (organization_id, id)
;
ALTER TABLE waiting_list ADD CONSTRAINT fk_waiting_list_organization_id_event_id_cart_id FOREIGN KEY(organization_id, event_id, cart_id) REFERENCES carts (organization_id, event_id, id)
;
ALTER TABLE waiting_list ADD CONSTRAINT fk_waiting_list_organization_id_event_id_ticket_type_id FOREIGN KEY(organization_id, event_id, ticket_type_id) REFERENCES ticket_types (organization_id, event_id, id)
;
ALTER TABLE webhook_deliveries ADD CONSTRAINT fk_webhook_deliveries_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE webhook_deliveries ADD CONSTRAINT fk_webhook_deliveries_organization_id_endpoint_id FOREIGN KEY(organization_id, endpoint_id) REFERENCES webhook_endpoints (organization_id, id)
;
ALTER TABLE webhook_deliveries ADD CONSTRAINT fk_webhook_deliveries_organization_id_fact_id FOREIGN KEY(organization_id, fact_id) REFERENCES facts (organization_id, id)
;
ALTER TABLE webhook_endpoints ADD CONSTRAINT fk_webhook_endpoints_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
;
ALTER TABLE webhook_endpoints ADD CONSTRAINT fk_webhook_endpoints_organization_id_created_by FOREIGN KEY(organization_id, created_by) REFERENCES users (organization_id, id)
;
ALTER TABLE audit ENABLE ROW LEVEL SECURITY
;
ALTER TABLE audit FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON audit TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON audit TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON audit TO foyer_app
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
ALTER TABLE files ENABLE ROW LEVEL SECURITY
;
ALTER TABLE files FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON files TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON files TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON files TO foyer_app
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
GRANT SELECT, INSERT, UPDATE ON operators TO foyer_app
;
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY
;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON organizations TO foyer_app USING (id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON organizations TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (id, deleted_at, is_rehearsal) ON organizations TO foyer_lookup
;
CREATE POLICY lookup ON organizations FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON organizations TO foyer_app
;
GRANT SELECT, INSERT, UPDATE ON plugins TO foyer_app
;
ALTER TABLE provider_events ENABLE ROW LEVEL SECURITY
;
ALTER TABLE provider_events FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON provider_events TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON provider_events TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON provider_events TO foyer_app
;
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_counters TO foyer_app
;
ALTER TABLE reactions_done ENABLE ROW LEVEL SECURITY
;
ALTER TABLE reactions_done FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON reactions_done TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON reactions_done TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, DELETE ON reactions_done TO foyer_app
;
GRANT SELECT, INSERT, UPDATE, DELETE ON traefik_middlewares TO foyer_app
;
GRANT SELECT, INSERT, UPDATE, DELETE ON traefik_routes TO foyer_app
;
ALTER TABLE custom_domains ENABLE ROW LEVEL SECURITY
;
ALTER TABLE custom_domains FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON custom_domains TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON custom_domains TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, host, verified_at) ON custom_domains TO foyer_lookup
;
CREATE POLICY lookup ON custom_domains FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE, DELETE ON custom_domains TO foyer_app
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
ALTER TABLE event_series ENABLE ROW LEVEL SECURITY
;
ALTER TABLE event_series FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON event_series TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON event_series TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON event_series TO foyer_app
;
ALTER TABLE invoice_numbers ENABLE ROW LEVEL SECURITY
;
ALTER TABLE invoice_numbers FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON invoice_numbers TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON invoice_numbers TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON invoice_numbers TO foyer_app
;
ALTER TABLE ledger_accounts ENABLE ROW LEVEL SECURITY
;
ALTER TABLE ledger_accounts FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON ledger_accounts TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON ledger_accounts TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON ledger_accounts TO foyer_app
;
ALTER TABLE mail_opt_outs ENABLE ROW LEVEL SECURITY
;
ALTER TABLE mail_opt_outs FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON mail_opt_outs TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON mail_opt_outs TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON mail_opt_outs TO foyer_app
;
ALTER TABLE organization_settings ENABLE ROW LEVEL SECURITY
;
ALTER TABLE organization_settings FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON organization_settings TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON organization_settings TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, abandoned_cart_mails) ON organization_settings TO foyer_lookup
;
CREATE POLICY lookup ON organization_settings FOR SELECT TO foyer_lookup USING (true)
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
GRANT SELECT (slug, organization_id, current) ON organization_slugs TO foyer_lookup
;
CREATE POLICY lookup ON organization_slugs FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON organization_slugs TO foyer_app
;
ALTER TABLE plan_usage ENABLE ROW LEVEL SECURITY
;
ALTER TABLE plan_usage FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON plan_usage TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON plan_usage TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_usage TO foyer_app
;
GRANT SELECT, INSERT ON plugin_versions TO foyer_app
;
ALTER TABLE pools ENABLE ROW LEVEL SECURITY
;
ALTER TABLE pools FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON pools TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON pools TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, capacity, held, sold) ON pools TO foyer_lookup
;
CREATE POLICY lookup ON pools FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE, DELETE ON pools TO foyer_app
;
ALTER TABLE provider_accounts ENABLE ROW LEVEL SECURITY
;
ALTER TABLE provider_accounts FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON provider_accounts TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON provider_accounts TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, provider, account) ON provider_accounts TO foyer_lookup
;
CREATE POLICY lookup ON provider_accounts FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON provider_accounts TO foyer_app
;
ALTER TABLE sales_analytics ENABLE ROW LEVEL SECURITY
;
ALTER TABLE sales_analytics FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON sales_analytics TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON sales_analytics TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON sales_analytics TO foyer_app
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
ALTER TABLE tax_rates ENABLE ROW LEVEL SECURITY
;
ALTER TABLE tax_rates FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON tax_rates TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON tax_rates TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON tax_rates TO foyer_app
;
ALTER TABLE users ENABLE ROW LEVEL SECURITY
;
ALTER TABLE users FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON users TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON users TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, email, email_confirmed_at, deleted_at) ON users TO foyer_lookup
;
CREATE POLICY lookup ON users FOR SELECT TO foyer_lookup USING (true)
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
ALTER TABLE buyer_sessions ENABLE ROW LEVEL SECURITY
;
ALTER TABLE buyer_sessions FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON buyer_sessions TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON buyer_sessions TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, token_hash) ON buyer_sessions TO foyer_lookup
;
CREATE POLICY lookup ON buyer_sessions FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE, DELETE ON buyer_sessions TO foyer_app
;
ALTER TABLE consents ENABLE ROW LEVEL SECURITY
;
ALTER TABLE consents FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON consents TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON consents TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON consents TO foyer_app
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
ALTER TABLE discounts ENABLE ROW LEVEL SECURITY
;
ALTER TABLE discounts FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON discounts TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON discounts TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON discounts TO foyer_app
;
ALTER TABLE domain_proofs ENABLE ROW LEVEL SECURITY
;
ALTER TABLE domain_proofs FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON domain_proofs TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON domain_proofs TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON domain_proofs TO foyer_app
;
ALTER TABLE events ENABLE ROW LEVEL SECURITY
;
ALTER TABLE events FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON events TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON events TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, status, visibility, sales_start_date, sales_end_date, deleted_at, ends_at, wound_up_at) ON events TO foyer_lookup
;
CREATE POLICY lookup ON events FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON events TO foyer_app
;
ALTER TABLE installed_plugins ENABLE ROW LEVEL SECURITY
;
ALTER TABLE installed_plugins FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON installed_plugins TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON installed_plugins TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON installed_plugins TO foyer_app
;
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY
;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON invitations TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON invitations TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO foyer_app
;
ALTER TABLE one_time_codes ENABLE ROW LEVEL SECURITY
;
ALTER TABLE one_time_codes FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON one_time_codes TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON one_time_codes TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_codes TO foyer_app
;
ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY
;
ALTER TABLE passkeys FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON passkeys TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON passkeys TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys TO foyer_app
;
ALTER TABLE plugin_consents ENABLE ROW LEVEL SECURITY
;
ALTER TABLE plugin_consents FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON plugin_consents TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON plugin_consents TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON plugin_consents TO foyer_app
;
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY
;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON recovery_codes TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON recovery_codes TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_codes TO foyer_app
;
ALTER TABLE session_families ENABLE ROW LEVEL SECURITY
;
ALTER TABLE session_families FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON session_families TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON session_families TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON session_families TO foyer_app
;
ALTER TABLE totp_secrets ENABLE ROW LEVEL SECURITY
;
ALTER TABLE totp_secrets FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON totp_secrets TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON totp_secrets TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON totp_secrets TO foyer_app
;
ALTER TABLE webhook_endpoints ENABLE ROW LEVEL SECURITY
;
ALTER TABLE webhook_endpoints FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON webhook_endpoints TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON webhook_endpoints TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints TO foyer_app
;
ALTER TABLE carts ENABLE ROW LEVEL SECURITY
;
ALTER TABLE carts FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON carts TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON carts TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, event_id, status, expires_at, updated_at, reminded_at) ON carts TO foyer_lookup
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
ALTER TABLE device_pairings ENABLE ROW LEVEL SECURITY
;
ALTER TABLE device_pairings FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON device_pairings TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON device_pairings TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, code_hash) ON device_pairings TO foyer_lookup
;
CREATE POLICY lookup ON device_pairings FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE, DELETE ON device_pairings TO foyer_app
;
ALTER TABLE discount_uses ENABLE ROW LEVEL SECURITY
;
ALTER TABLE discount_uses FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON discount_uses TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON discount_uses TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON discount_uses TO foyer_app
;
ALTER TABLE event_analytics ENABLE ROW LEVEL SECURITY
;
ALTER TABLE event_analytics FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON event_analytics TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON event_analytics TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON event_analytics TO foyer_app
;
ALTER TABLE event_images ENABLE ROW LEVEL SECURITY
;
ALTER TABLE event_images FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON event_images TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON event_images TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON event_images TO foyer_app
;
ALTER TABLE event_translations ENABLE ROW LEVEL SECURITY
;
ALTER TABLE event_translations FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON event_translations TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON event_translations TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON event_translations TO foyer_app
;
ALTER TABLE gates ENABLE ROW LEVEL SECURITY
;
ALTER TABLE gates FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON gates TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON gates TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON gates TO foyer_app
;
ALTER TABLE message_campaigns ENABLE ROW LEVEL SECURITY
;
ALTER TABLE message_campaigns FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON message_campaigns TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON message_campaigns TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON message_campaigns TO foyer_app
;
ALTER TABLE plugin_storage ENABLE ROW LEVEL SECURITY
;
ALTER TABLE plugin_storage FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON plugin_storage TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON plugin_storage TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON plugin_storage TO foyer_app
;
ALTER TABLE questions ENABLE ROW LEVEL SECURITY
;
ALTER TABLE questions FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON questions TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON questions TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON questions TO foyer_app
;
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY
;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON sessions TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON sessions TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, token_hash) ON sessions TO foyer_lookup
;
CREATE POLICY lookup ON sessions FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO foyer_app
;
ALTER TABLE shared_pools ENABLE ROW LEVEL SECURITY
;
ALTER TABLE shared_pools FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON shared_pools TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON shared_pools TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON shared_pools TO foyer_app
;
ALTER TABLE ticket_types ENABLE ROW LEVEL SECURITY
;
ALTER TABLE ticket_types FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON ticket_types TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON ticket_types TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, id, is_hidden, sales_start_date, sales_end_date, deleted_at) ON ticket_types TO foyer_lookup
;
CREATE POLICY lookup ON ticket_types FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON ticket_types TO foyer_app
;
ALTER TABLE visitor_hashes ENABLE ROW LEVEL SECURITY
;
ALTER TABLE visitor_hashes FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON visitor_hashes TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON visitor_hashes TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON visitor_hashes TO foyer_app
;
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY
;
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON webhook_deliveries TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON webhook_deliveries TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO foyer_app
;
ALTER TABLE access_links ENABLE ROW LEVEL SECURITY
;
ALTER TABLE access_links FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON access_links TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON access_links TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON access_links TO foyer_app
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
ALTER TABLE discount_ticket_types ENABLE ROW LEVEL SECURITY
;
ALTER TABLE discount_ticket_types FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON discount_ticket_types TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON discount_ticket_types TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON discount_ticket_types TO foyer_app
;
ALTER TABLE mail_log ENABLE ROW LEVEL SECURITY
;
ALTER TABLE mail_log FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON mail_log TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON mail_log TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON mail_log TO foyer_app
;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY
;
ALTER TABLE orders FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON orders TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON orders TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, event_id, status, expires_at) ON orders TO foyer_lookup
;
CREATE POLICY lookup ON orders FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON orders TO foyer_app
;
ALTER TABLE question_ticket_types ENABLE ROW LEVEL SECURITY
;
ALTER TABLE question_ticket_types FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON question_ticket_types TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON question_ticket_types TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON question_ticket_types TO foyer_app
;
ALTER TABLE sale_reminders ENABLE ROW LEVEL SECURITY
;
ALTER TABLE sale_reminders FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON sale_reminders TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON sale_reminders TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, event_id, ticket_type_id) ON sale_reminders TO foyer_lookup
;
CREATE POLICY lookup ON sale_reminders FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE, DELETE ON sale_reminders TO foyer_app
;
ALTER TABLE ticket_type_pools ENABLE ROW LEVEL SECURITY
;
ALTER TABLE ticket_type_pools FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON ticket_type_pools TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON ticket_type_pools TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, ticket_type_id, pool_id) ON ticket_type_pools TO foyer_lookup
;
CREATE POLICY lookup ON ticket_type_pools FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_type_pools TO foyer_app
;
ALTER TABLE waiting_list ENABLE ROW LEVEL SECURITY
;
ALTER TABLE waiting_list FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON waiting_list TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON waiting_list TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, event_id, ticket_type_id, quantity, status, cart_id) ON waiting_list TO foyer_lookup
;
CREATE POLICY lookup ON waiting_list FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE, DELETE ON waiting_list TO foyer_app
;
ALTER TABLE approvals ENABLE ROW LEVEL SECURITY
;
ALTER TABLE approvals FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON approvals TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON approvals TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON approvals TO foyer_app
;
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY
;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON invoices TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON invoices TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON invoices TO foyer_app
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
ALTER TABLE payment_attempts ENABLE ROW LEVEL SECURITY
;
ALTER TABLE payment_attempts FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON payment_attempts TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON payment_attempts TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, event_id, status, updated_at) ON payment_attempts TO foyer_lookup
;
CREATE POLICY lookup ON payment_attempts FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON payment_attempts TO foyer_app
;
ALTER TABLE transactions ENABLE ROW LEVEL SECURITY
;
ALTER TABLE transactions FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON transactions TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON transactions TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
CREATE POLICY changes ON transactions AS RESTRICTIVE FOR UPDATE TO foyer_app USING (status = 'pending') WITH CHECK (true)
;
GRANT SELECT, INSERT, UPDATE ON transactions TO foyer_app
;
ALTER TABLE answers ENABLE ROW LEVEL SECURITY
;
ALTER TABLE answers FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON answers TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON answers TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE, DELETE ON answers TO foyer_app
;
ALTER TABLE disputes ENABLE ROW LEVEL SECURITY
;
ALTER TABLE disputes FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON disputes TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON disputes TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON disputes TO foyer_app
;
ALTER TABLE ledger_transfers ENABLE ROW LEVEL SECURITY
;
ALTER TABLE ledger_transfers FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON ledger_transfers TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON ledger_transfers TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON ledger_transfers TO foyer_app
;
ALTER TABLE payouts ENABLE ROW LEVEL SECURITY
;
ALTER TABLE payouts FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON payouts TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON payouts TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT, UPDATE ON payouts TO foyer_app
;
ALTER TABLE refunds ENABLE ROW LEVEL SECURITY
;
ALTER TABLE refunds FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON refunds TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON refunds TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT (organization_id, event_id, status, updated_at) ON refunds TO foyer_lookup
;
CREATE POLICY lookup ON refunds FOR SELECT TO foyer_lookup USING (true)
;
GRANT SELECT, INSERT, UPDATE ON refunds TO foyer_app
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
ALTER TABLE refund_lines ENABLE ROW LEVEL SECURITY
;
ALTER TABLE refund_lines FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON refund_lines TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON refund_lines TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON refund_lines TO foyer_app
;
ALTER TABLE refund_tickets ENABLE ROW LEVEL SECURITY
;
ALTER TABLE refund_tickets FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON refund_tickets TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON refund_tickets TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON refund_tickets TO foyer_app
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
ALTER TABLE transfers ENABLE ROW LEVEL SECURITY
;
ALTER TABLE transfers FORCE ROW LEVEL SECURITY
;
CREATE POLICY tenant ON transfers TO foyer_app USING (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid)) WITH CHECK (organization_id = (select nullif(current_setting('app.organization_id', true), '')::uuid))
;
CREATE POLICY migration ON transfers TO foyer_owner USING ((select current_setting('app.migration', true)) = 'on') WITH CHECK ((select current_setting('app.migration', true)) = 'on')
;
GRANT SELECT, INSERT ON transfers TO foyer_app
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
CREATE FUNCTION lookups.organization_by_host(wanted text) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT organization_id FROM public.custom_domains WHERE host = wanted AND verified_at IS NOT NULL; END
;
REVOKE ALL ON FUNCTION lookups.organization_by_host(wanted text) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.organization_by_host(wanted text) TO foyer_app
;
ALTER FUNCTION lookups.organization_by_host(wanted text) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.organization_by_provider_account(provider text, account text) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT p.organization_id FROM public.provider_accounts p WHERE p.provider = organization_by_provider_account.provider AND p.account = organization_by_provider_account.account; END
;
REVOKE ALL ON FUNCTION lookups.organization_by_provider_account(provider text, account text) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.organization_by_provider_account(provider text, account text) TO foyer_app
;
ALTER FUNCTION lookups.organization_by_provider_account(provider text, account text) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.verified_hosts() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT host FROM public.custom_domains WHERE verified_at IS NOT NULL ORDER BY host; END
;
REVOKE ALL ON FUNCTION lookups.verified_hosts() FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.verified_hosts() TO foyer_app
;
ALTER FUNCTION lookups.verified_hosts() OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.shops_on_show(most integer) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT DISTINCT s.slug FROM public.events e JOIN public.organizations o ON o.id = e.organization_id AND o.deleted_at IS NULL AND NOT o.is_rehearsal JOIN public.organization_slugs s ON s.organization_id = e.organization_id AND s.current WHERE e.status = 'published' AND e.visibility = 'public' AND e.deleted_at IS NULL AND e.ends_at > public.foyer_now() ORDER BY s.slug LIMIT most; END
;
REVOKE ALL ON FUNCTION lookups.shops_on_show(most integer) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.shops_on_show(most integer) TO foyer_app
;
ALTER FUNCTION lookups.shops_on_show(most integer) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.staff_by_email(wanted text) RETURNS TABLE (organization_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT u.organization_id, u.id FROM public.users u WHERE lower(u.email) = lower(wanted) AND u.deleted_at IS NULL ORDER BY (u.email_confirmed_at IS NULL), u.id LIMIT 5; END
;
REVOKE ALL ON FUNCTION lookups.staff_by_email(wanted text) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.staff_by_email(wanted text) TO foyer_app
;
ALTER FUNCTION lookups.staff_by_email(wanted text) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.session_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT s.organization_id, s.id FROM public.sessions s WHERE s.token_hash = wanted; END
;
REVOKE ALL ON FUNCTION lookups.session_by_hash(wanted bytea) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.session_by_hash(wanted bytea) TO foyer_app
;
ALTER FUNCTION lookups.session_by_hash(wanted bytea) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.buyer_session_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT b.organization_id, b.id FROM public.buyer_sessions b WHERE b.token_hash = wanted; END
;
REVOKE ALL ON FUNCTION lookups.buyer_session_by_hash(wanted bytea) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.buyer_session_by_hash(wanted bytea) TO foyer_app
;
ALTER FUNCTION lookups.buyer_session_by_hash(wanted bytea) OWNER TO foyer_lookup
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
CREATE FUNCTION lookups.device_pairing_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT p.organization_id, p.id FROM public.device_pairings p WHERE p.code_hash = wanted; END
;
REVOKE ALL ON FUNCTION lookups.device_pairing_by_hash(wanted bytea) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.device_pairing_by_hash(wanted bytea) TO foyer_app
;
ALTER FUNCTION lookups.device_pairing_by_hash(wanted bytea) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.due_reminders(most integer) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT DISTINCT c.organization_id FROM public.carts c JOIN public.organization_settings s ON s.organization_id = c.organization_id AND s.abandoned_cart_mails WHERE c.status = 'abandoned' AND c.reminded_at IS NULL AND c.updated_at <= public.foyer_now() - interval '1 hour' AND c.updated_at > public.foyer_now() - interval '1 day' LIMIT most; END
;
REVOKE ALL ON FUNCTION lookups.due_reminders(most integer) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.due_reminders(most integer) TO foyer_app
;
ALTER FUNCTION lookups.due_reminders(most integer) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.due_holds(most integer) RETURNS TABLE (organization_id uuid, event_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT d.organization_id, d.event_id FROM (SELECT c.organization_id, c.event_id FROM public.carts c WHERE c.status = 'active' AND c.expires_at <= public.foyer_now() UNION SELECT e.organization_id, e.id FROM public.events e WHERE e.status = 'published' AND e.deleted_at IS NULL AND e.ends_at <= public.foyer_now() UNION SELECT e.organization_id, e.id FROM public.events e WHERE e.status = 'cancelled' AND e.wound_up_at IS NULL UNION SELECT o.organization_id, o.event_id FROM public.orders o WHERE o.status = 'pending' AND o.expires_at <= public.foyer_now() UNION SELECT a.organization_id, a.event_id FROM public.payment_attempts a WHERE a.status = 'created' AND a.updated_at <= public.foyer_now() - interval '30 seconds' UNION SELECT r.organization_id, r.event_id FROM public.refunds r WHERE r.status = 'pending' AND r.updated_at <= public.foyer_now() - interval '30 seconds') d ORDER BY random() LIMIT most; END
;
REVOKE ALL ON FUNCTION lookups.due_holds(most integer) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.due_holds(most integer) TO foyer_app
;
ALTER FUNCTION lookups.due_holds(most integer) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.due_offers(most integer) RETURNS TABLE (organization_id uuid, event_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC SELECT d.organization_id, d.event_id FROM (WITH RECURSIVE line AS ((SELECT w.organization_id, w.event_id, w.ticket_type_id, w.quantity FROM public.waiting_list w WHERE w.status = 'waiting' ORDER BY w.organization_id, w.event_id, w.ticket_type_id, w.quantity LIMIT 1) UNION ALL SELECT n.organization_id, n.event_id, n.ticket_type_id, n.quantity FROM line l CROSS JOIN LATERAL (SELECT w.organization_id, w.event_id, w.ticket_type_id, w.quantity FROM public.waiting_list w WHERE w.status = 'waiting' AND (w.organization_id, w.event_id, w.ticket_type_id) > (l.organization_id, l.event_id, l.ticket_type_id) ORDER BY w.organization_id, w.event_id, w.ticket_type_id, w.quantity LIMIT 1) n) SELECT l.organization_id, l.event_id FROM line l JOIN public.events e ON e.organization_id = l.organization_id AND e.id = l.event_id JOIN public.ticket_types t ON t.organization_id = l.organization_id AND t.id = l.ticket_type_id WHERE e.status = 'published' AND e.visibility <> 'private' AND e.deleted_at IS NULL AND e.ends_at > public.foyer_now() AND t.deleted_at IS NULL AND NOT t.is_hidden AND least(e.sales_end_date, t.sales_end_date, 'infinity') > public.foyer_now() AND greatest(e.sales_start_date, t.sales_start_date, '-infinity') <= public.foyer_now() AND l.quantity <= (SELECT min(p.capacity - p.held - p.sold) FROM public.ticket_type_pools d JOIN public.pools p ON p.organization_id = d.organization_id AND p.id = d.pool_id WHERE d.organization_id = l.organization_id AND d.ticket_type_id = l.ticket_type_id) UNION SELECT w.organization_id, w.event_id FROM public.waiting_list w JOIN public.carts c ON c.organization_id = w.organization_id AND c.id = w.cart_id WHERE w.status = 'offered' AND c.status <> 'active') d ORDER BY random() LIMIT most; END
;
REVOKE ALL ON FUNCTION lookups.due_offers(most integer) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.due_offers(most integer) TO foyer_app
;
ALTER FUNCTION lookups.due_offers(most integer) OWNER TO foyer_lookup
;
CREATE FUNCTION lookups.due_sale_reminders(most integer) RETURNS TABLE (organization_id uuid, event_id uuid, ticket_type_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog BEGIN ATOMIC WITH RECURSIVE line AS ((SELECT r.organization_id, r.event_id, r.ticket_type_id FROM public.sale_reminders r ORDER BY r.organization_id, r.event_id, r.ticket_type_id LIMIT 1) UNION ALL SELECT n.organization_id, n.event_id, n.ticket_type_id FROM line l CROSS JOIN LATERAL (SELECT r.organization_id, r.event_id, r.ticket_type_id FROM public.sale_reminders r WHERE (r.organization_id, r.event_id, r.ticket_type_id) > (l.organization_id, l.event_id, l.ticket_type_id) ORDER BY r.organization_id, r.event_id, r.ticket_type_id LIMIT 1) n) SELECT l.organization_id, l.event_id, l.ticket_type_id FROM line l JOIN public.events e ON e.organization_id = l.organization_id AND e.id = l.event_id JOIN public.ticket_types t ON t.organization_id = l.organization_id AND t.id = l.ticket_type_id WHERE e.status = 'published' AND e.visibility <> 'private' AND e.deleted_at IS NULL AND e.ends_at > public.foyer_now() AND t.deleted_at IS NULL AND NOT t.is_hidden AND least(e.sales_end_date, t.sales_end_date, 'infinity') > public.foyer_now() AND greatest(e.sales_start_date, t.sales_start_date, '-infinity') <= public.foyer_now() ORDER BY random() LIMIT most; END
;
REVOKE ALL ON FUNCTION lookups.due_sale_reminders(most integer) FROM PUBLIC
;
GRANT EXECUTE ON FUNCTION lookups.due_sale_reminders(most integer) TO foyer_app
;
ALTER FUNCTION lookups.due_sale_reminders(most integer) OWNER TO foyer_lookup
;
REVOKE CREATE ON SCHEMA lookups FROM foyer_lookup
;
-- pgqueuer 1.6.0 -- prefix='' schema='jobs' durability=durable

CREATE SCHEMA IF NOT EXISTS jobs
;
CREATE TYPE jobs.pgqueuer_status AS ENUM ('queued', 'picked', 'successful', 'exception', 'canceled', 'deleted', 'failed')
;
CREATE TABLE jobs.pgqueuer (
    id bigserial NOT NULL PRIMARY KEY,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    execute_after timestamp with time zone NOT NULL DEFAULT now(),
    status jobs.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer NOT NULL DEFAULT 0,
    slot bigint
)
;
CREATE TABLE jobs.pgqueuer_log (
    id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT now(),
    job_id bigint NOT NULL,
    status jobs.pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
)
;
CREATE TABLE jobs.pgqueuer_schedules (
    id bigserial NOT NULL PRIMARY KEY,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    next_run timestamp with time zone NOT NULL DEFAULT now(),
    last_run timestamp with time zone,
    status jobs.pgqueuer_status DEFAULT 'queued'::jobs.pgqueuer_status,
    UNIQUE (expression, entrypoint)
)
;
CREATE TABLE jobs.pgqueuer_statistics (
    id bigserial NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT date_trunc('sec'::text, now()),
    count bigint NOT NULL,
    priority integer NOT NULL,
    status jobs.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
)
;
CREATE INDEX pgqueuer_ep_ea_idx ON jobs.pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::jobs.pgqueuer_status)
;
CREATE INDEX pgqueuer_ep_prio_id_idx ON jobs.pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::jobs.pgqueuer_status)
;
CREATE INDEX pgqueuer_log_created ON jobs.pgqueuer_log USING btree (created)
;
CREATE INDEX pgqueuer_log_job_id_status ON jobs.pgqueuer_log USING btree (job_id, created DESC)
;
CREATE INDEX pgqueuer_log_not_aggregated ON jobs.pgqueuer_log USING btree ((1)) WHERE (NOT aggregated)
;
CREATE INDEX pgqueuer_log_status ON jobs.pgqueuer_log USING btree (status)
;
CREATE INDEX pgqueuer_picked_heartbeat_idx ON jobs.pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::jobs.pgqueuer_status)
;
CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON jobs.pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::jobs.pgqueuer_status) AND (slot IS NOT NULL))
;
CREATE INDEX pgqueuer_priority_id_id1_idx ON jobs.pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::jobs.pgqueuer_status)
;
CREATE INDEX pgqueuer_queue_manager_id_idx ON jobs.pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL)
;
CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON jobs.pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint)
;
CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON jobs.pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::jobs.pgqueuer_status, 'picked'::jobs.pgqueuer_status])) AND (dedupe_key IS NOT NULL))
;
CREATE INDEX pgqueuer_updated_id_id1_idx ON jobs.pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::jobs.pgqueuer_status)
;
CREATE FUNCTION jobs.fn_pgqueuer_changed() RETURNS TRIGGER AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;

    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'ch_pgqueuer',
            json_build_object(
                'channel', 'ch_pgqueuer',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;

    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;

END;
$$ LANGUAGE plpgsql
;
CREATE TRIGGER tg_pgqueuer_changed
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON jobs.pgqueuer
EXECUTE FUNCTION jobs.fn_pgqueuer_changed()
;
GRANT USAGE ON SCHEMA jobs TO foyer_app
;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO foyer_app
;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA jobs TO foyer_app
;
