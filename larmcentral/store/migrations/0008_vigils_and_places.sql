-- Vigils, places, shifts, rotas, the pool, the desk, and notices that no incident stands behind
-- depends: 0007_narrow_first

-- migrate: apply

-- A session, a countdown, a silence, a loan, a shift change. Its row is the lock of its log and of its notices, and
-- is always taken before an incident's. subject: whom or what it watches; a supervision or a loan is its device's.
CREATE TABLE vigils (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('session', 'pre_alarm', 'supervision', 'loan', 'handover')),
    subject text NOT NULL CHECK (subject ~ '^((covert|technical)/)?(person|device|unknown):'),
    person_id uuid,
    device_id uuid,
    protocol text NOT NULL,
    account text NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('real', 'test', 'drill')),
    covert boolean NOT NULL,
    technical boolean NOT NULL,
    core jsonb NOT NULL CHECK (jsonb_typeof(core) = 'object'),
    due_at timestamptz,
    ended_at timestamptz,
    version integer NOT NULL CHECK (version > 0),
    entries integer NOT NULL CHECK (entries >= 0),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    CHECK (ended_at IS NULL OR due_at IS NULL)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX vigils_running ON vigils (subject, kind, organisation_id) WHERE ended_at IS NULL;
CREATE INDEX vigils_due ON vigils (kind, due_at) WHERE ended_at IS NULL;
CREATE INDEX vigils_of_device ON vigils (device_id, kind, organisation_id) WHERE ended_at IS NULL;
CREATE INDEX vigils_of_committee ON vigils (committee_id, kind, organisation_id) WHERE ended_at IS NULL;
CREATE INDEX vigils_of_person ON vigils (person_id, id, organisation_id);

CREATE TABLE vigil_log (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    vigil_id uuid NOT NULL,
    seq integer NOT NULL CHECK (seq > 0),
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind <> ''),
    actor jsonb NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (organisation_id, vigil_id, seq),
    FOREIGN KEY (organisation_id, vigil_id) REFERENCES vigils ON DELETE CASCADE
);

-- What the worker said before he went in, spoken. 2 MB: two minutes of a phone's own recording.
CREATE TABLE session_recordings (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    vigil_id uuid NOT NULL,
    media_type text NOT NULL CHECK (media_type IN ('audio/webm', 'audio/ogg', 'audio/mp4')),
    body bytea NOT NULL CHECK (length(body) BETWEEN 1 AND 2097152),
    at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, vigil_id),
    FOREIGN KEY (organisation_id, vigil_id) REFERENCES vigils ON DELETE CASCADE
);

-- removed_at: no longer to be chosen; what happened there still names it.
CREATE TABLE places (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    address text NOT NULL DEFAULT '',
    floor text NOT NULL DEFAULT '',
    door_code text NOT NULL DEFAULT '',
    notes text NOT NULL DEFAULT '',
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    lon double precision CHECK (lon BETWEEN -180 AND 180),
    building_id uuid CHECK (building_id <> id),
    unit_id uuid,
    removed_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    FOREIGN KEY (organisation_id, building_id) REFERENCES places,
    FOREIGN KEY (organisation_id, unit_id) REFERENCES units,
    CHECK ((lat IS NULL) = (lon IS NULL))
);
CREATE INDEX places_of_committee ON places (committee_id, name, organisation_id);

-- 5 MB: a scanned drawing; what is larger nobody can open on a phone at the door.
CREATE TABLE place_plans (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    place_id uuid NOT NULL,
    media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/svg+xml', 'application/pdf')),
    body bytea NOT NULL CHECK (length(body) BETWEEN 1 AND 5242880),
    filed_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, place_id),
    FOREIGN KEY (organisation_id, place_id) REFERENCES places ON DELETE CASCADE
);

-- risk as in escalation.chain.Risk. A flag has an owner, a ground and a day of review; the day is the house's own.
CREATE TABLE place_flags (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    place_id uuid NOT NULL,
    risk smallint NOT NULL CHECK (risk IN (1, 2)),
    owner_id uuid NOT NULL,
    ground text NOT NULL CHECK (ground <> ''),
    set_at timestamptz NOT NULL,
    review_on date NOT NULL,
    lifted_at timestamptz CHECK (lifted_at >= set_at),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, place_id) REFERENCES places ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, owner_id) REFERENCES persons,
    CHECK (review_on <= (set_at AT TIME ZONE 'Europe/Stockholm')::date + 90)
);
CREATE UNIQUE INDEX place_flags_standing ON place_flags (place_id, organisation_id) WHERE lifted_at IS NULL;

CREATE TABLE place_coverage (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    place_id uuid NOT NULL,
    no_signal_at timestamptz,
    signal_at timestamptz,
    PRIMARY KEY (organisation_id, place_id),
    FOREIGN KEY (organisation_id, place_id) REFERENCES places ON DELETE CASCADE
);

-- Who is on shift, and his last position only: it goes with the row when the shift ends. Written in bulk every
-- second, so that no column that moves is indexed.
CREATE TABLE presences (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    person_id uuid NOT NULL,
    since timestamptz NOT NULL,
    until_at timestamptz NOT NULL CHECK (until_at > since),
    place_id uuid,
    building_id uuid,
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    lon double precision CHECK (lon BETWEEN -180 AND 180),
    fix_at timestamptz,
    device_id uuid,
    PRIMARY KEY (organisation_id, person_id),
    FOREIGN KEY (organisation_id, person_id) REFERENCES persons ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, place_id) REFERENCES places,
    FOREIGN KEY (organisation_id, building_id) REFERENCES places,
    CHECK ((lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (fix_at IS NULL))
) WITH (fillfactor = 50);
CREATE INDEX presences_of_committee ON presences (committee_id, organisation_id);

CREATE TABLE rotas (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees
);

CREATE TABLE rota_versions (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    rota_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    made_at timestamptz NOT NULL,
    made_by uuid,
    PRIMARY KEY (organisation_id, rota_id, version),
    FOREIGN KEY (organisation_id, rota_id) REFERENCES rotas ON DELETE CASCADE
);

CREATE TABLE unit_managers (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    person_id uuid NOT NULL,
    PRIMARY KEY (organisation_id, unit_id, person_id),
    FOREIGN KEY (organisation_id, unit_id) REFERENCES units ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, person_id) REFERENCES persons ON DELETE CASCADE
);

-- unit_id null: the committee's own plan, for units that have none.
CREATE TABLE safety_plans (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    unit_id uuid,
    body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    FOREIGN KEY (organisation_id, unit_id) REFERENCES units ON DELETE CASCADE
);
CREATE UNIQUE INDEX safety_plans_of ON safety_plans (committee_id, unit_id, organisation_id) NULLS NOT DISTINCT;

CREATE TABLE test_alarms (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    signal_id uuid NOT NULL,
    incident_id uuid NOT NULL,
    device_id uuid,
    person_id uuid,
    pressed_at timestamptz,
    received_at timestamptz NOT NULL,
    reached_desk_at timestamptz,
    PRIMARY KEY (organisation_id, signal_id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees
);
CREATE INDEX test_alarms_of_device ON test_alarms (device_id, received_at, organisation_id);
CREATE INDEX test_alarms_of_app ON test_alarms (person_id, received_at, organisation_id) WHERE device_id IS NULL;
CREATE INDEX test_alarms_of_incident ON test_alarms (incident_id, organisation_id);

CREATE TABLE downlinks (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    device_id uuid NOT NULL,
    protocol text NOT NULL,
    account text NOT NULL,
    incident_id uuid,
    kind text NOT NULL CHECK (kind IN ('taken', 'test_received')),
    silent boolean NOT NULL,
    language text NOT NULL CHECK (language IN ('sv', 'en')),
    filed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > filed_at),
    sent_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, device_id) REFERENCES devices ON DELETE CASCADE
);
CREATE INDEX downlinks_waiting ON downlinks (expires_at) WHERE sent_at IS NULL;

-- One row an operator and committee. The name is kept as he sat down with it; the row is gone when he leaves.
CREATE TABLE desk_presences (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    user_id uuid NOT NULL,
    person_id uuid,
    name text NOT NULL,
    since timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, user_id, committee_id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees
);
CREATE INDEX desk_presences_of_committee ON desk_presences (committee_id, organisation_id);

-- The codes a worker ends a countdown with are nothing that work for another person may read.
ALTER TABLE persons
    ADD COLUMN trained_on date,
    ADD COLUMN pin_hash text CHECK (pin_hash <> ''),
    ADD COLUMN duress_pin_hash text CHECK (duress_pin_hash <> '' AND duress_pin_hash <> pin_hash),
    ADD COLUMN pin_set boolean NOT NULL GENERATED ALWAYS AS (pin_hash IS NOT NULL) STORED;
REVOKE SELECT ON persons FROM larm_web;
GRANT SELECT (organisation_id, committee_id, id, unit_id, name, phone, employer, external, ends_on, language,
    trained_on, pin_set) ON persons TO larm_web;

ALTER TABLE devices
    ADD COLUMN tag text CHECK (tag <> ''),
    ADD COLUMN pool boolean NOT NULL DEFAULT false,
    ADD COLUMN place_id uuid,
    ADD COLUMN supervision text NOT NULL DEFAULT 'wearable'
        CHECK (supervision IN ('sp2', 'sp3', 'sp4', 'sp5', 'sp6', 'dp2', 'dp3', 'dp4', 'wearable')),
    ADD FOREIGN KEY (organisation_id, place_id) REFERENCES places;
CREATE UNIQUE INDEX devices_tag ON devices (tag, organisation_id) WHERE tag IS NOT NULL;

-- Checks below are only widened: the version before writes nothing that they refuse, and as every row that stands has
-- passed the narrower one, nothing is read through under the lock (NOT VALID).
ALTER TABLE incidents
    DROP CONSTRAINT incidents_subject_check,
    ADD CONSTRAINT incidents_subject_check
        CHECK (subject ~ '^((covert|technical)/)?(person|device|unknown):') NOT VALID,
    -- Where its person or its device was when it opened.
    ADD COLUMN place_id uuid,
    ADD FOREIGN KEY (organisation_id, place_id) REFERENCES places NOT VALID;
CREATE INDEX incidents_of_owner ON incidents (owner_user_id, organisation_id) WHERE state = 'acknowledged';

ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_what_check,
    ADD CONSTRAINT deadlines_what_check CHECK (what IN ('next_step', 'next_medium', 'lapse', 'owner_idle')) NOT VALID;

-- speaks_of: the moment that a reminder is about. detail: pairs for its words.
ALTER TABLE notices
    ALTER COLUMN incident_id DROP NOT NULL,
    ADD COLUMN vigil_id uuid,
    ADD COLUMN speaks_of timestamptz,
    ADD COLUMN detail jsonb,
    ADD FOREIGN KEY (organisation_id, vigil_id) REFERENCES vigils ON DELETE CASCADE NOT VALID,
    ADD CONSTRAINT notices_of_one CHECK (num_nonnulls(incident_id, vigil_id) = 1) NOT VALID,
    DROP CONSTRAINT notices_about_check,
    ADD CONSTRAINT notices_about_check CHECK (about IN ('alarm', 'point_gone', 'going', 'released', 'over', 'taken',
        'owner_idle', 'check_in_due', 'end_due', 'welfare', 'companion', 'pre_alarm', 'return_due', 'not_returned',
        'handover_open')) NOT VALID;
CREATE INDEX notices_of_vigil ON notices (vigil_id, organisation_id) WHERE vigil_id IS NOT NULL;
-- Whose alarm somebody means who answers by text message.
CREATE INDEX notices_texted ON notices (point_id, filed_at) WHERE channel = 'sms';
CREATE INDEX contact_points_texted ON contact_points (address) WHERE channel = 'sms';

-- vigil_id: the loan that is not back, the shift change that nobody signs. Its id stands in incident_id as well, since
-- the index that lets a fault stand once is the one the version before names, and may not change under it.
ALTER TABLE system_alarms
    ADD COLUMN vigil_id uuid,
    ADD CONSTRAINT system_alarms_of_one CHECK (vigil_id IS NULL OR incident_id IS NOT DISTINCT FROM vigil_id) NOT VALID;

-- Whoever reads where a place's door code hangs leaves a line that names the place.
ALTER TABLE access_log ADD COLUMN place_id uuid;

-- Tries at a PIN are counted like those at a password.
ALTER TABLE sign_in_attempts
    DROP CONSTRAINT sign_in_attempts_key_check,
    ADD CONSTRAINT sign_in_attempts_key_check CHECK (key ~ '^(login|address|pin):.' AND length(key) <= 300) NOT VALID;

DO $policies$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['vigils', 'vigil_log', 'session_recordings', 'places', 'place_plans', 'place_flags', 'place_coverage',
        'presences', 'rotas', 'rota_versions', 'unit_managers', 'safety_plans', 'test_alarms',
        'downlinks', 'desk_presences']
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

GRANT SELECT, INSERT, UPDATE, DELETE ON vigils, session_recordings, places, place_plans, place_flags, place_coverage,
    presences, rotas, rota_versions, unit_managers, safety_plans, test_alarms, downlinks, desk_presences TO larm_service;
GRANT SELECT, INSERT ON vigil_log TO larm_service;
GRANT SELECT ON vigils, vigil_log, session_recordings, places, place_plans, place_flags, place_coverage, presences,
    rotas, rota_versions, unit_managers, safety_plans, test_alarms, downlinks, desk_presences TO larm_web;
-- a worker's session, an operator's seat, a loan
GRANT INSERT, UPDATE ON vigils, session_recordings, place_coverage TO larm_web;
GRANT INSERT ON vigil_log, downlinks, device_assignments TO larm_web;
GRANT INSERT, UPDATE, DELETE ON presences, desk_presences TO larm_web;
GRANT UPDATE (until_at) ON device_assignments TO larm_web;
GRANT UPDATE (changed_at) ON devices TO larm_web; -- what a lock of the row asks for, and no more
-- what managers write down
GRANT INSERT, UPDATE ON places, place_flags, rotas, chains TO larm_web;
GRANT INSERT, UPDATE, DELETE ON place_plans, chain_choices TO larm_web;
GRANT INSERT ON rota_versions, chain_versions TO larm_web;

COMMENT ON TABLE vigils IS 'retention: incident';
COMMENT ON TABLE vigil_log IS 'retention: incident';
COMMENT ON TABLE session_recordings IS 'retention: incident';
COMMENT ON TABLE places IS 'retention: register';
COMMENT ON TABLE place_plans IS 'retention: register';
COMMENT ON TABLE place_flags IS 'retention: audit';
COMMENT ON TABLE place_coverage IS 'retention: register';
COMMENT ON TABLE presences IS 'retention: none, gone with the shift';
COMMENT ON TABLE rotas IS 'retention: register';
COMMENT ON TABLE rota_versions IS 'retention: incident';
COMMENT ON TABLE unit_managers IS 'retention: register';
COMMENT ON TABLE safety_plans IS 'retention: register';
COMMENT ON TABLE test_alarms IS 'retention: audit';
COMMENT ON TABLE downlinks IS 'retention: telemetry';
COMMENT ON TABLE desk_presences IS 'retention: none, gone when he leaves';

-- migrate: rollback
