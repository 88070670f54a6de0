-- Signals, incidents, deadlines, notices, timeline
-- depends: 0001_house

-- migrate: apply

CREATE TABLE incidents (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    subject text NOT NULL CHECK (subject ~ '^(person|device|unknown):'),
    person_id uuid,
    device_id uuid,
    protocol text NOT NULL,
    account text NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('real', 'test', 'drill')),
    kind text NOT NULL,
    gravity smallint NOT NULL CHECK (gravity BETWEEN 1 AND 9),
    silent boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'acknowledged', 'stood_down')),
    opened_at timestamptz NOT NULL,
    event_at timestamptz,
    lateness_s double precision,
    version integer NOT NULL CHECK (version > 0),
    round integer NOT NULL CHECK (round > 0),
    next_step integer NOT NULL CHECK (next_step >= 0),
    fence integer NOT NULL CHECK (fence >= 0),
    core jsonb NOT NULL,
    chain jsonb NOT NULL CHECK (jsonb_typeof(chain -> 'steps') = 'array'),
    faults text[] NOT NULL DEFAULT '{}',
    owner_user_id uuid,
    acknowledged_at timestamptz,
    shown_at timestamptz,
    stood_down_at timestamptz,
    outcome text CHECK (outcome IN ('real', 'false', 'test', 'drill', 'other')),
    entries integer NOT NULL CHECK (entries > 0),
    last_hash bytea NOT NULL CHECK (length(last_hash) = 32),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    CHECK ((state = 'stood_down') = (stood_down_at IS NOT NULL)),
    CHECK ((state = 'stood_down') = (outcome IS NOT NULL)),
    CHECK (state <> 'acknowledged' OR acknowledged_at IS NOT NULL),
    CHECK (purpose <> 'real' OR outcome IS NULL OR outcome <> 'drill'),
    CHECK (purpose <> 'drill' OR outcome IS NULL OR outcome IN ('drill', 'test', 'other'))
);
-- One open incident a subject and purpose: two receivers that open at once cannot both succeed.
CREATE UNIQUE INDEX incidents_open_subject ON incidents (organisation_id, subject, purpose) WHERE state <> 'stood_down';
CREATE INDEX incidents_open ON incidents (organisation_id, committee_id, gravity, opened_at) WHERE state <> 'stood_down';
CREATE INDEX incidents_past ON incidents (organisation_id, committee_id, opened_at);

CREATE TABLE signals (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    received_at timestamptz NOT NULL,
    receiver text NOT NULL,
    protocol text NOT NULL,
    account text NOT NULL,
    authentic boolean NOT NULL,
    device_id uuid,
    person_id uuid,
    incident_id uuid,
    kind text NOT NULL,
    silent boolean,
    event_at timestamptz,
    sent_at timestamptz,
    buffered boolean,
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    lon double precision CHECK (lon BETWEEN -180 AND 180),
    accuracy_m double precision CHECK (accuracy_m >= 0),
    fix_at timestamptz,
    fix_valid boolean,
    battery_pct smallint CHECK (battery_pct BETWEEN 0 AND 100),
    charging boolean,
    code text,
    text text,
    evidence jsonb NOT NULL DEFAULT '{}',
    doubts text[] NOT NULL DEFAULT '{}',
    raw bytea NOT NULL,
    repeat_key text NOT NULL,
    repeat_bucket bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 1 CHECK (attempts > 0),
    PRIMARY KEY (organisation_id, id),
    CHECK ((lat IS NULL) = (lon IS NULL))
);
CREATE UNIQUE INDEX signals_repeat ON signals (organisation_id, protocol, account, repeat_key, repeat_bucket);
CREATE INDEX signals_of_incident ON signals (organisation_id, incident_id, received_at) WHERE incident_id IS NOT NULL;

CREATE TABLE responders (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    incident_id uuid NOT NULL,
    person_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('notified', 'acknowledged', 'going', 'on_site', 'declined', 'released')),
    since timestamptz NOT NULL,
    step integer NOT NULL CHECK (step >= 0),
    PRIMARY KEY (organisation_id, incident_id, person_id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incidents ON DELETE CASCADE
);

-- Every row is pending: a deadline that fired is re-armed or deleted in the transaction that decided.
-- The incident's row is the lock of its deadlines.
CREATE TABLE deadlines (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    incident_id uuid NOT NULL,
    what text NOT NULL CHECK (what IN ('next_step', 'next_medium', 'lapse')),
    person_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    due_at timestamptz NOT NULL,
    fence integer NOT NULL,
    PRIMARY KEY (organisation_id, incident_id, what, person_id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incidents ON DELETE CASCADE,
    CHECK ((what = 'next_medium') = (person_id <> '00000000-0000-0000-0000-000000000000'))
);
CREATE INDEX deadlines_due ON deadlines (due_at);

CREATE TABLE notices (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    incident_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('real', 'test', 'drill')),
    channel text NOT NULL CHECK (channel IN ('apns', 'fcm', 'sms', 'console')),
    outward boolean NOT NULL GENERATED ALWAYS AS (channel IN ('sms')) STORED,
    person_id uuid,
    point_id uuid,
    round integer NOT NULL,
    step integer NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'sent', 'delivered', 'refused', 'gone', 'failed', 'withdrawn')),
    filed_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    lease_owner uuid,
    lease_until timestamptz,
    tries integer NOT NULL DEFAULT 0,
    sent_at timestamptz,
    delivered_at timestamptz,
    provider_id text,
    reason text,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incidents ON DELETE CASCADE,
    CHECK (purpose = 'real' OR channel NOT IN ('sms')),
    CHECK ((person_id IS NULL) = (point_id IS NULL)),
    CHECK ((channel = 'console') = (person_id IS NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX notices_pending ON notices (due_at) WHERE state = 'pending';
CREATE INDEX notices_of_incident ON notices (organisation_id, incident_id);
CREATE INDEX notices_provider ON notices (provider_id) WHERE provider_id IS NOT NULL AND state = 'sent';

-- xact and feed order the feed: readers stop before the oldest transaction that is still under way.
CREATE TABLE timeline (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    incident_id uuid NOT NULL,
    seq integer NOT NULL CHECK (seq > 0),
    at timestamptz NOT NULL,
    kind text NOT NULL,
    actor jsonb NOT NULL,
    detail jsonb NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    feed bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (organisation_id, incident_id, seq),
    FOREIGN KEY (organisation_id, incident_id) REFERENCES incidents ON DELETE CASCADE
);
CREATE INDEX timeline_feed ON timeline (xact, feed);

CREATE TABLE system_alarms (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    incident_id uuid,
    fault text NOT NULL,
    step integer,
    raised_at timestamptz NOT NULL,
    cleared_at timestamptz CHECK (cleared_at >= raised_at),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees
);
CREATE INDEX system_alarms_standing ON system_alarms (organisation_id, committee_id) WHERE cleared_at IS NULL;
CREATE UNIQUE INDEX system_alarms_once ON system_alarms (organisation_id, committee_id, fault, incident_id, step)
    NULLS NOT DISTINCT WHERE cleared_at IS NULL;

-- Bytes nobody understood: one row a receiver and content, counted; the sample is cut to 4 KiB.
CREATE TABLE unknown_input (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    receiver text NOT NULL,
    digest bytea NOT NULL,
    reason text NOT NULL,
    sample bytea NOT NULL CHECK (length(sample) <= 4096),
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    times bigint NOT NULL CHECK (times > 0),
    PRIMARY KEY (organisation_id, receiver, digest)
);
CREATE INDEX unknown_input_recent ON unknown_input (organisation_id, last_at);

COMMENT ON TABLE incidents IS 'retention: incident';
COMMENT ON TABLE signals IS 'retention: signal';
COMMENT ON TABLE responders IS 'retention: incident';
COMMENT ON TABLE deadlines IS 'retention: none, gone when fired';
COMMENT ON TABLE notices IS 'retention: incident';
COMMENT ON TABLE timeline IS 'retention: incident';
COMMENT ON TABLE system_alarms IS 'retention: audit';
COMMENT ON TABLE unknown_input IS 'retention: signal';

-- migrate: rollback
