-- What people ask of devices, their commissioning sheets, and which model an IMEI is
-- depends: 0010_dealt_with

-- migrate: apply

-- content: {"number": …} or settings. frames: how many went to the network, each of which the device may answer.
-- unsaid: why nothing will be sent. asked_by: a user; null for the house's own words.
ALTER TABLE downlinks
    ADD COLUMN content jsonb CHECK (jsonb_typeof(content) = 'object'),
    ADD COLUMN asked_by uuid,
    ADD COLUMN frames smallint NOT NULL DEFAULT 0 CHECK (frames >= 0),
    ADD COLUMN replies smallint NOT NULL DEFAULT 0 CHECK (replies >= 0),
    ADD COLUMN answered_at timestamptz,
    ADD COLUMN answer text CHECK (length(answer) <= 500),
    ADD COLUMN unsaid text CHECK (unsaid IN ('expired', 'no_words', 'over', 'silent')),
    DROP CONSTRAINT downlinks_kind_check,
    ADD CONSTRAINT downlinks_kind_check
        CHECK (kind IN ('taken', 'test_received', 'locate', 'call_back', 'commission')) NOT VALID,
    ADD CONSTRAINT downlinks_said_or_not CHECK (unsaid IS NULL OR sent_at IS NULL) NOT VALID,
    ADD CONSTRAINT downlinks_answered CHECK (answered_at IS NULL OR sent_at IS NOT NULL) NOT VALID,
    ADD CONSTRAINT downlinks_content CHECK ((content IS NULL) = (kind NOT IN ('call_back', 'commission'))) NOT VALID;
-- What lies about from before is nobody's news any more.
UPDATE downlinks SET unsaid = 'expired' WHERE sent_at IS NULL AND expires_at < now();
CREATE INDEX downlinks_to_say ON downlinks (protocol, account) WHERE sent_at IS NULL AND unsaid IS NULL;
CREATE INDEX downlinks_of_device ON downlinks (device_id, filed_at, organisation_id);
CREATE INDEX downlinks_of_incident ON downlinks (incident_id, organisation_id) WHERE incident_id IS NOT NULL;

-- settings as in protocols.orders.Commission; a number in them is somebody's own.
CREATE TABLE commissioning_sheets (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    device_id uuid NOT NULL,
    settings jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    PRIMARY KEY (organisation_id, device_id),
    FOREIGN KEY (organisation_id, device_id) REFERENCES devices ON DELETE CASCADE
);
ALTER TABLE commissioning_sheets ENABLE ROW LEVEL SECURITY;
ALTER TABLE commissioning_sheets FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON commissioning_sheets TO larm_service USING (true) WITH CHECK (true);
CREATE POLICY committee ON commissioning_sheets TO larm_web
    USING (committee_id = ANY ((SELECT larm_committees())::uuid[]))
    WITH CHECK (committee_id = ANY ((SELECT larm_committees())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON commissioning_sheets TO larm_service;
GRANT SELECT, INSERT, UPDATE ON commissioning_sheets TO larm_web;

-- Of all prefixes that an account begins with the longest wins; a device's own model wins over all of them.
CREATE TABLE device_models (
    organisation_id uuid NOT NULL REFERENCES organisations,
    imei_prefix text NOT NULL CHECK (imei_prefix ~ '^[0-9]{4,15}$'),
    model text NOT NULL CHECK (length(model) BETWEEN 1 AND 80),
    PRIMARY KEY (organisation_id, imei_prefix)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON device_models TO larm_service;

COMMENT ON TABLE commissioning_sheets IS 'retention: register';
COMMENT ON TABLE device_models IS 'retention: register';

-- migrate: rollback
