-- Action plans with their versions; an operator's own words to people; what a stand-down was answered with
-- depends: 0013_quiet_devices

-- migrate: apply

-- For a kind, a unit, a place, or any where they are null. removed_at: goes with no further alarm; what was done under
-- it still names it. No two that stand are for the same.
CREATE TABLE action_plans (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text,
    unit_id uuid,
    place_id uuid,
    version integer NOT NULL CHECK (version > 0),
    removed_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    FOREIGN KEY (organisation_id, unit_id) REFERENCES units,
    FOREIGN KEY (organisation_id, place_id) REFERENCES places
);
CREATE UNIQUE INDEX action_plans_for ON action_plans (organisation_id, committee_id, kind, unit_id, place_id)
    NULLS NOT DISTINCT WHERE removed_at IS NULL;

-- What a plan said, version by version: a step that was recorded can be read in the plan of that day. steps: a list of
-- {key, text}, 1 to 30.
CREATE TABLE action_plan_versions (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    name text NOT NULL CHECK (name <> '' AND length(name) <= 200),
    kind text,
    unit_id uuid,
    place_id uuid,
    steps jsonb NOT NULL CHECK (jsonb_typeof(steps) = 'array' AND jsonb_array_length(steps) BETWEEN 1 AND 30),
    made_at timestamptz NOT NULL,
    made_by uuid,
    PRIMARY KEY (organisation_id, plan_id, version),
    FOREIGN KEY (organisation_id, plan_id) REFERENCES action_plans ON DELETE CASCADE
);

ALTER TABLE notices
    DROP CONSTRAINT notices_about_check,
    ADD CONSTRAINT notices_about_check CHECK (about IN ('alarm', 'point_gone', 'going', 'released', 'over', 'taken',
        'owner_idle', 'check_in_due', 'end_due', 'welfare', 'companion', 'pre_alarm', 'return_due', 'not_returned',
        'handover_open', 'message')) NOT VALID;

-- {key: {choice, note}}, null where nothing was asked: for figures; the timeline is the account.
ALTER TABLE incidents
    ADD COLUMN closing jsonb,
    ADD CONSTRAINT incidents_closing CHECK (closing IS NULL OR jsonb_typeof(closing) = 'object') NOT VALID;

DO $policies$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['action_plans', 'action_plan_versions']
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

GRANT SELECT, INSERT, UPDATE, DELETE ON action_plans, action_plan_versions TO larm_service;
GRANT SELECT, INSERT, UPDATE ON action_plans TO larm_web;
GRANT SELECT, INSERT ON action_plan_versions TO larm_web;

COMMENT ON TABLE action_plans IS 'retention: register';
COMMENT ON TABLE action_plan_versions IS 'retention: incident';

-- migrate: rollback
