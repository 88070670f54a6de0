-- The house, its people, devices and chains
-- depends:

-- migrate: apply

-- larm_service is the server's own work (intake, escalation); larm_web is work done for a person, who sees
-- the committees named in the setting larm.committees and nothing else.
DO $roles$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'larm_service') THEN
        CREATE ROLE larm_service NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'larm_web') THEN
        CREATE ROLE larm_web NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this cluster made them in this very moment
END
$roles$;

GRANT larm_service, larm_web TO CURRENT_USER;

CREATE FUNCTION larm_committees() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN string_to_array(nullif(current_setting('larm.committees', true), ''), ',')::uuid[];

CREATE TABLE organisations (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> '')
);

CREATE TABLE committees (
    organisation_id uuid NOT NULL REFERENCES organisations,
    id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE sectors (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees
);

CREATE TABLE units (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    sector_id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    FOREIGN KEY (organisation_id, sector_id) REFERENCES sectors
);

CREATE TABLE teams (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    unit_id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    FOREIGN KEY (organisation_id, unit_id) REFERENCES units
);

CREATE TABLE persons (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    unit_id uuid,
    name text NOT NULL CHECK (name <> ''),
    phone text,
    employer text,
    external boolean NOT NULL DEFAULT false,
    ends_on date,
    language text NOT NULL DEFAULT 'sv' CHECK (language IN ('sv', 'en')),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    FOREIGN KEY (organisation_id, unit_id) REFERENCES units,
    CHECK (NOT external OR employer IS NOT NULL)
);

CREATE TABLE team_members (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    team_id uuid NOT NULL,
    person_id uuid NOT NULL,
    PRIMARY KEY (organisation_id, team_id, person_id),
    FOREIGN KEY (organisation_id, team_id) REFERENCES teams ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, person_id) REFERENCES persons ON DELETE CASCADE
);

CREATE TABLE contact_points (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    channel text NOT NULL CHECK (channel IN ('apns', 'fcm', 'sms')),
    address text NOT NULL CHECK (address <> ''),
    rank smallint NOT NULL DEFAULT 0,
    retired_at timestamptz,
    retired_why text,
    last_reached_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, person_id) REFERENCES persons ON DELETE CASCADE,
    CHECK ((retired_at IS NULL) = (retired_why IS NULL)),
    -- the emergency number is no contact point: nobody's phone has fewer than eight digits
    CHECK (channel <> 'sms' OR address ~ '^\+[1-9][0-9]{7,14}$')
);
CREATE INDEX contact_points_of_person ON contact_points (organisation_id, person_id) WHERE retired_at IS NULL;

CREATE TABLE devices (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    protocol text NOT NULL CHECK (protocol ~ '^[a-z][a-z0-9_]*$'),
    account text NOT NULL CHECK (account <> ''),
    model text,
    label text,
    purpose text NOT NULL DEFAULT 'real' CHECK (purpose IN ('real', 'test')),
    secret bytea,
    options jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object'),
    supervised boolean NOT NULL DEFAULT true,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, protocol, account),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees
);
CREATE INDEX devices_changed ON devices (changed_at);

CREATE TABLE device_assignments (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    device_id uuid NOT NULL,
    person_id uuid NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz,
    PRIMARY KEY (organisation_id, device_id, from_at),
    FOREIGN KEY (organisation_id, device_id) REFERENCES devices ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, person_id) REFERENCES persons,
    CHECK (until_at IS NULL OR until_at > from_at)
);
CREATE UNIQUE INDEX device_worn_by_one ON device_assignments (organisation_id, device_id) WHERE until_at IS NULL;

-- Written in bulk every second; no column below is indexed but the key, so that the update stays in its page.
CREATE TABLE device_states (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    device_id uuid NOT NULL,
    last_seen_at timestamptz NOT NULL,
    battery_pct smallint CHECK (battery_pct BETWEEN 0 AND 100),
    charging boolean,
    receiver text NOT NULL,
    PRIMARY KEY (organisation_id, device_id),
    FOREIGN KEY (organisation_id, device_id) REFERENCES devices ON DELETE CASCADE
) WITH (fillfactor = 50);

CREATE TABLE chains (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees
);

CREATE TABLE chain_versions (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    chain_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    made_at timestamptz NOT NULL,
    made_by uuid,
    PRIMARY KEY (organisation_id, chain_id, version),
    FOREIGN KEY (organisation_id, chain_id) REFERENCES chains ON DELETE CASCADE
);

-- Which chain an alarm takes: the most specific row wins (person's unit and kind, unit, kind, committee).
CREATE TABLE chain_choices (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    unit_id uuid,
    kind text,
    purpose text NOT NULL DEFAULT 'real' CHECK (purpose IN ('real', 'test')),
    chain_id uuid NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE NULLS NOT DISTINCT (organisation_id, committee_id, unit_id, kind, purpose),
    FOREIGN KEY (organisation_id, unit_id) REFERENCES units ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, chain_id) REFERENCES chains
);

CREATE TABLE users (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    login text NOT NULL CHECK (login = lower(login) AND login <> ''),
    name text NOT NULL CHECK (name <> ''),
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('worker', 'responder', 'operator', 'manager', 'admin')),
    person_id uuid,
    language text NOT NULL DEFAULT 'sv' CHECK (language IN ('sv', 'en')),
    disabled_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, person_id) REFERENCES persons,
    CHECK (role NOT IN ('worker', 'responder') OR person_id IS NOT NULL)
);
CREATE UNIQUE INDEX users_login ON users (login);

CREATE TABLE user_committees (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    user_id uuid NOT NULL,
    PRIMARY KEY (organisation_id, user_id, committee_id),
    FOREIGN KEY (organisation_id, user_id) REFERENCES users ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees
);

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    organisation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > made_at),
    user_agent text NOT NULL DEFAULT '',
    FOREIGN KEY (organisation_id, user_id) REFERENCES users ON DELETE CASCADE
);
CREATE INDEX sessions_of_user ON sessions (organisation_id, user_id);

CREATE TABLE access_log (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    user_id uuid NOT NULL,
    action text NOT NULL CHECK (action <> ''),
    person_id uuid,
    incident_id uuid,
    ground text NOT NULL CHECK (ground <> ''),
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX access_log_of_person ON access_log (organisation_id, person_id, at);

COMMENT ON TABLE organisations IS 'retention: register';
COMMENT ON TABLE committees IS 'retention: register';
COMMENT ON TABLE sectors IS 'retention: register';
COMMENT ON TABLE units IS 'retention: register';
COMMENT ON TABLE teams IS 'retention: register';
COMMENT ON TABLE persons IS 'retention: person';
COMMENT ON TABLE team_members IS 'retention: person';
COMMENT ON TABLE contact_points IS 'retention: person';
COMMENT ON TABLE devices IS 'retention: register';
COMMENT ON TABLE device_assignments IS 'retention: person';
COMMENT ON TABLE device_states IS 'retention: telemetry';
COMMENT ON TABLE chains IS 'retention: register';
COMMENT ON TABLE chain_versions IS 'retention: incident';
COMMENT ON TABLE chain_choices IS 'retention: register';
COMMENT ON TABLE users IS 'retention: person';
COMMENT ON TABLE user_committees IS 'retention: person';
COMMENT ON TABLE sessions IS 'retention: session';
COMMENT ON TABLE access_log IS 'retention: audit';

-- migrate: rollback
