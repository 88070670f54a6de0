-- Row-level security: secrecy holds between committees
-- depends: 0002_alarms

-- migrate: apply

DO $policies$
DECLARE
    t text;
BEGIN
    FOR t IN
        SELECT c.table_name FROM information_schema.columns c
        JOIN information_schema.tables b USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND c.column_name = 'committee_id' AND b.table_type = 'BASE TABLE'
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

ALTER TABLE committees ENABLE ROW LEVEL SECURITY;
ALTER TABLE committees FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON committees TO larm_service USING (true) WITH CHECK (true);
CREATE POLICY committee ON committees FOR SELECT TO larm_web USING (id = ANY ((SELECT larm_committees())::uuid[]));

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO larm_service;
GRANT SELECT ON organisations, committees, sectors, units, teams, persons, team_members, contact_points, devices,
    device_assignments, device_states, chains, chain_versions, chain_choices, user_committees, incidents, signals,
    responders, deadlines, notices, timeline, system_alarms, unknown_input TO larm_web;
GRANT SELECT (organisation_id, id, login, name, role, person_id, language, disabled_at) ON users TO larm_web;
GRANT INSERT, UPDATE, DELETE ON incidents, responders, deadlines, notices, system_alarms TO larm_web;
GRANT INSERT ON timeline, access_log TO larm_web;
-- nobody rewrites the account of an incident, the server included; disposal is a duty of its own
REVOKE UPDATE, DELETE ON timeline FROM larm_service;
REVOKE UPDATE, DELETE ON access_log FROM larm_service;

-- migrate: rollback
