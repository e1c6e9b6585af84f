-- The three roles of a Foyer database, and who may enter it. Repeatable: run it again after an upgrade.
--
-- The embedded server runs this by itself. On a server of your own, as a superuser or as a role with CREATEROLE that
-- made the database:
--     createdb foyer
--     psql -1 -v ON_ERROR_STOP=1 -d foyer -f bootstrap.sql
--     psql -d foyer -c "ALTER ROLE foyer_owner PASSWORD '…'" -c "ALTER ROLE foyer_app PASSWORD '…'"

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'foyer_owner') THEN
        CREATE ROLE foyer_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'foyer_app') THEN
        CREATE ROLE foyer_app LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'foyer_lookup') THEN
        CREATE ROLE foyer_lookup NOLOGIN;
    END IF;
END
$$;

-- The tenant wall stands on these attributes; where someone changed them, stop rather than run without it.
DO $$
DECLARE
    offender text;
BEGIN
    SELECT rolname INTO offender FROM pg_roles
    WHERE rolname IN ('foyer_owner', 'foyer_app', 'foyer_lookup')
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication OR (rolname = 'foyer_lookup' AND rolcanlogin));
    IF offender IS NOT NULL THEN
        RAISE EXCEPTION 'role % must have none of SUPERUSER, BYPASSRLS, CREATEROLE and REPLICATION (and foyer_lookup no LOGIN)', offender;
    END IF;
    SELECT granted.rolname INTO offender
    FROM pg_auth_members AS membership
    JOIN pg_roles AS granted ON granted.oid = membership.roleid
    JOIN pg_roles AS member ON member.oid = membership.member
    WHERE member.rolname = 'foyer_app';
    IF offender IS NOT NULL THEN
        RAISE EXCEPTION 'foyer_app must be a member of no role, but is one of %: that would open every tenant to it', offender;
    END IF;
END
$$;

DO $$
BEGIN
    -- A CREATEROLE role that is no superuser must be a member of the owner to hand the database over to it.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND NOT pg_has_role(current_user, 'foyer_owner', 'SET') THEN
        EXECUTE format('GRANT foyer_owner TO %I WITH INHERIT TRUE, SET TRUE', current_user);
    END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO foyer_owner', current_database());
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO foyer_owner, foyer_app, foyer_lookup', current_database());
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- Migrations give functions to foyer_lookup by SET ROLE; the owner does not inherit what it may read.
GRANT foyer_lookup TO foyer_owner WITH INHERIT FALSE, SET TRUE;
