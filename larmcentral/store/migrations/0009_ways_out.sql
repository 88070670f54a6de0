-- Ways out: more channels, proof of contact points, alarm receiving centres, texts, and how the ways are doing
-- depends: 0008_vigils_and_places

-- migrate: apply

-- address, by channel: a token (apns, fcm), a subscription as JSON (web_push), a number in E.164 (sms, voice), a mail
-- address, the name that a hook has in the settings (teams, webhook: its real address is a secret), a pager's number.
-- verified_at: somebody answered from there. The rest is what is known of its health beside last_reached_at.
ALTER TABLE contact_points
    ADD COLUMN label text CHECK (length(label) BETWEEN 1 AND 80),
    ADD COLUMN made_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN verified_at timestamptz,
    ADD COLUMN last_failed_at timestamptz,
    ADD COLUMN last_failed_why text,
    DROP CONSTRAINT contact_points_channel_check,
    ADD CONSTRAINT contact_points_channel_check CHECK (channel IN ('apns', 'fcm', 'web_push', 'sms', 'voice', 'mail',
        'teams', 'webhook', 'pager')) NOT VALID,
    -- the emergency number is no contact point: nobody's phone has fewer than eight digits, and no pager has that one
    ADD CONSTRAINT contact_points_address_of_channel CHECK (CASE channel
        WHEN 'voice' THEN address ~ '^\+[1-9][0-9]{7,14}$'
        WHEN 'mail' THEN address ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(address) <= 254
        WHEN 'teams' THEN address ~ '^[a-z][a-z0-9_]{0,31}$'
        WHEN 'webhook' THEN address ~ '^[a-z][a-z0-9_]{0,31}$'
        WHEN 'pager' THEN address ~ '^[0-9]{1,16}$' AND address !~ '^0*1{2}2$'
        ELSE true END) NOT VALID;
DROP INDEX contact_points_texted;
CREATE INDEX contact_points_texted ON contact_points (address) WHERE channel IN ('sms', 'voice');

-- A code or link that proves a contact point. nonce: the code is made of it and the house's secret, so that a copy of
-- the database proves nothing. tries: how often a wrong code was given.
CREATE TABLE point_proofs (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    point_id uuid NOT NULL,
    nonce bytea NOT NULL CHECK (length(nonce) = 16),
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tries smallint NOT NULL DEFAULT 0 CHECK (tries >= 0),
    PRIMARY KEY (organisation_id, point_id),
    FOREIGN KEY (organisation_id, point_id) REFERENCES contact_points ON DELETE CASCADE
);

-- outward, made anew: what leaves the house
ALTER TABLE notices DROP COLUMN outward;
ALTER TABLE notices
    ADD COLUMN outward boolean NOT NULL
        GENERATED ALWAYS AS (channel NOT IN ('apns', 'fcm', 'web_push', 'console')) STORED,
    -- receiver: of a centre, the forwarder's name. provider: the way out that took it last.
    ADD COLUMN receiver text,
    ADD COLUMN provider text,
    DROP CONSTRAINT notices_channel_check,
    ADD CONSTRAINT notices_channel_check CHECK (channel IN ('apns', 'fcm', 'web_push', 'sms', 'voice', 'mail', 'teams',
        'webhook', 'pager', 'console', 'receiver')) NOT VALID,
    ADD CONSTRAINT notices_leave_real CHECK (purpose = 'real' OR channel IN ('apns', 'fcm', 'web_push', 'console')) NOT VALID,
    ADD CONSTRAINT notices_of_receiver CHECK ((channel = 'receiver') = (receiver IS NOT NULL)) NOT VALID;
DO $checks$
DECLARE
    c text;
BEGIN
    FOR c IN
        SELECT conname FROM pg_constraint
        WHERE conrelid = 'notices'::regclass AND contype = 'c'
            AND pg_get_constraintdef(oid) LIKE '%console%person_id%' AND conname <> 'notices_of_receiver'
    LOOP
        EXECUTE format('ALTER TABLE notices DROP CONSTRAINT %I', c);
    END LOOP;
END
$checks$;
ALTER TABLE notices
    ADD CONSTRAINT notices_to_whom CHECK ((channel IN ('console', 'receiver')) = (person_id IS NULL)) NOT VALID;
DROP INDEX notices_texted;
CREATE INDEX notices_texted ON notices (point_id, filed_at) WHERE channel IN ('sms', 'voice');

-- Words of the house about itself: a test that somebody asked for, a code that proves a contact point, a row of a
-- centre's mapping tried. It knows no incident; a sending process claims it and writes down what came back.
CREATE TABLE service_messages (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('test', 'proof', 'receiver_test')),
    channel text NOT NULL CHECK (channel IN ('apns', 'fcm', 'web_push', 'sms', 'voice', 'mail', 'teams', 'webhook',
        'pager', 'receiver')),
    point_id uuid,
    receiver text,
    detail jsonb NOT NULL DEFAULT '{}',
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    lease_owner uuid,
    lease_until timestamptz,
    tries smallint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'delivered', 'refused', 'gone', 'failed')),
    settled_at timestamptz,
    provider text,
    seconds double precision,
    reason text,
    answer text,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, point_id) REFERENCES contact_points ON DELETE CASCADE,
    CHECK ((channel = 'receiver') = (point_id IS NULL)),
    CHECK ((channel = 'receiver') = (receiver IS NOT NULL)),
    CHECK ((state = 'pending') = (settled_at IS NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);
CREATE INDEX service_messages_pending ON service_messages (due_at) WHERE state = 'pending';
CREATE INDEX service_messages_asked ON service_messages (organisation_id, asked_at);

-- What notices say, where a committee wants other words than ours. kind null: of every kind that has none of its own.
CREATE TABLE text_templates (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    medium text NOT NULL CHECK (medium IN ('push', 'sms', 'voice', 'mail', 'teams', 'webhook', 'pager')),
    kind text,
    silent boolean NOT NULL,
    language text NOT NULL CHECK (language IN ('sv', 'en')),
    title text,
    body text NOT NULL CHECK (body <> '' AND length(body) <= 2000),
    version integer NOT NULL CHECK (version > 0),
    made_at timestamptz NOT NULL,
    made_by uuid NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE NULLS NOT DISTINCT (organisation_id, committee_id, medium, kind, silent, language),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees
);

-- What a centre is told for each kind of alarm, where it was agreed otherwise than we propose. For the whole
-- organisation, like the forwarder itself, which stands in the settings under this name.
CREATE TABLE forwarder_rows (
    organisation_id uuid NOT NULL REFERENCES organisations,
    receiver text NOT NULL,
    kind text NOT NULL,
    silent boolean NOT NULL,
    body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    version integer NOT NULL CHECK (version > 0),
    made_at timestamptz NOT NULL,
    made_by uuid NOT NULL,
    PRIMARY KEY (organisation_id, receiver, kind, silent)
);

-- A row that was tried with the centre and signed. fingerprint: of the row as it was; another row is not signed by it.
CREATE TABLE forwarder_signatures (
    organisation_id uuid NOT NULL REFERENCES organisations,
    id uuid NOT NULL,
    receiver text NOT NULL,
    kind text NOT NULL,
    silent boolean NOT NULL,
    fingerprint text NOT NULL,
    test_id uuid NOT NULL,
    tested_at timestamptz NOT NULL,
    path text NOT NULL,
    signed_at timestamptz NOT NULL,
    signed_by uuid NOT NULL,
    note text NOT NULL DEFAULT '',
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX forwarder_signatures_of_row ON forwarder_signatures (organisation_id, receiver, kind, silent, signed_at);

-- test_until: the centre has us in its test state until then, and does nothing about what we send.
CREATE TABLE forwarder_states (
    organisation_id uuid NOT NULL REFERENCES organisations,
    receiver text NOT NULL,
    test_until timestamptz,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    PRIMARY KEY (organisation_id, receiver)
);

-- Who says to the centres that we live: one process for all of them, until then.
CREATE TABLE forwarder_keepers (
    organisation_id uuid PRIMARY KEY REFERENCES organisations,
    owner uuid NOT NULL,
    lease_until timestamptz NOT NULL
);

-- What came of the last heartbeat on each path, or of the last look whether it answers.
CREATE TABLE forwarder_beats (
    organisation_id uuid NOT NULL REFERENCES organisations,
    receiver text NOT NULL,
    path text NOT NULL,
    every_s double precision NOT NULL CHECK (every_s > 0),
    tried_at timestamptz NOT NULL,
    heard_at timestamptz,
    missed integer NOT NULL CHECK (missed >= 0),
    words text NOT NULL,
    PRIMARY KEY (organisation_id, receiver, path)
);

-- Secrets that the server itself was given and must keep: sealed with the key from the house's file.
CREATE TABLE sealed_secrets (
    organisation_id uuid NOT NULL REFERENCES organisations,
    name text NOT NULL CHECK (name <> ''),
    sealed bytea NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, name)
);

-- How a way out is doing, as each sending process sees it. One that has not reported for a while is gone.
-- since: null where nothing was tried. answered_at: the last good probe, null where the last one failed.
CREATE TABLE way_states (
    provider text NOT NULL,
    process uuid NOT NULL,
    channel text NOT NULL,
    receiver text,
    state text NOT NULL CHECK (state IN ('unknown', 'alive', 'slow', 'dead')),
    since timestamptz,
    reason text NOT NULL DEFAULT '',
    last_good_at timestamptz,
    last_bad_at timestamptz,
    answered_at timestamptz,
    waiting integer NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    reported_at timestamptz NOT NULL,
    PRIMARY KEY (provider, process),
    CHECK ((channel = 'receiver') = (receiver IS NOT NULL)),
    CHECK (state = 'unknown' OR since IS NOT NULL)
);

-- What each provider did minute by minute: how tries ended, and how long they took (buckets of milliseconds).
CREATE TABLE way_minutes (
    minute timestamptz NOT NULL,
    provider text NOT NULL,
    channel text NOT NULL,
    sent integer NOT NULL DEFAULT 0,
    delivered integer NOT NULL DEFAULT 0,
    retried integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    gone integer NOT NULL DEFAULT 0,
    total_ms double precision NOT NULL DEFAULT 0,
    worst_ms double precision NOT NULL DEFAULT 0,
    buckets integer[] NOT NULL,
    PRIMARY KEY (minute, provider)
);

DO $policies$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['point_proofs', 'service_messages', 'text_templates']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY service ON %I TO larm_service USING (true) WITH CHECK (true)', t);
        EXECUTE format(
            'CREATE POLICY committee ON %I TO larm_web
             USING (committee_id = ANY ((SELECT larm_committees())::uuid[]))
             WITH CHECK (committee_id = ANY ((SELECT larm_committees())::uuid[]))', t);
    END LOOP;
END
$policies$;

GRANT SELECT, INSERT, UPDATE, DELETE ON point_proofs, service_messages, text_templates, forwarder_rows, forwarder_states,
    forwarder_keepers, forwarder_beats, sealed_secrets, way_states, way_minutes TO larm_service;
GRANT SELECT, INSERT ON forwarder_signatures TO larm_service;
GRANT SELECT ON point_proofs, service_messages, text_templates, forwarder_rows, forwarder_signatures, forwarder_states,
    forwarder_beats, way_states, way_minutes TO larm_web;
GRANT INSERT, UPDATE, DELETE ON point_proofs, text_templates, forwarder_rows TO larm_web;
GRANT INSERT ON service_messages, forwarder_signatures TO larm_web;
GRANT INSERT, UPDATE ON forwarder_states TO larm_web;
GRANT INSERT, UPDATE ON contact_points TO larm_web;

COMMENT ON TABLE point_proofs IS 'retention: none, gone with the proof';
COMMENT ON TABLE service_messages IS 'retention: audit';
COMMENT ON TABLE text_templates IS 'retention: register';
COMMENT ON TABLE forwarder_rows IS 'retention: register';
COMMENT ON TABLE forwarder_signatures IS 'retention: audit';
COMMENT ON TABLE forwarder_states IS 'retention: register';
COMMENT ON TABLE forwarder_keepers IS 'retention: none, each process takes it anew';
COMMENT ON TABLE forwarder_beats IS 'retention: none, the next beat replaces it';
COMMENT ON TABLE sealed_secrets IS 'retention: register';
COMMENT ON TABLE way_states IS 'retention: none, gone when the process is';
COMMENT ON TABLE way_minutes IS 'retention: figures';

-- migrate: rollback
