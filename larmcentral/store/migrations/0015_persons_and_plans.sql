-- What helpers should know of a person, whom to tell, a photo; radio beacons, and where a site plan lies on the map
-- depends: 0014_plans_and_closing

-- migrate: apply

-- Each committee writes its own: what one of them knows of an illness is not the other's, even of the same person.
CREATE TABLE person_dossiers (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    person_id uuid NOT NULL,
    notes text NOT NULL DEFAULT '' CHECK (length(notes) <= 2000),
    changed_at timestamptz NOT NULL,
    changed_by uuid,
    PRIMARY KEY (organisation_id, committee_id, person_id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    FOREIGN KEY (organisation_id, person_id) REFERENCES persons ON DELETE CASCADE
);
CREATE INDEX person_dossiers_of_person ON person_dossiers (person_id, organisation_id);

-- Beside the dossier, so that whoever reads the notes has not read this as well. rank: whom to tell first.
CREATE TABLE next_of_kin (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    person_id uuid NOT NULL,
    rank smallint NOT NULL CHECK (rank BETWEEN 1 AND 5),
    name text NOT NULL CHECK (name <> '' AND length(name) <= 100),
    relation text NOT NULL DEFAULT '' CHECK (length(relation) <= 100),
    phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 100),
    PRIMARY KEY (organisation_id, committee_id, person_id, rank),
    FOREIGN KEY (organisation_id, committee_id, person_id) REFERENCES person_dossiers ON DELETE CASCADE
);

-- 1 MB: a face on a screen.
CREATE TABLE person_photos (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    person_id uuid NOT NULL,
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
    body bytea NOT NULL CHECK (length(body) BETWEEN 1 AND 1048576),
    filed_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, committee_id, person_id),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    FOREIGN KEY (organisation_id, person_id) REFERENCES persons ON DELETE CASCADE
);
CREATE INDEX person_photos_of_person ON person_photos (person_id, organisation_id);

-- beacon: its id without separators, as domain/beacons.py writes it; said: as somebody entered it. A beacon hangs in one
-- place of a committee; another committee in the same house may know it too.
CREATE TABLE place_beacons (
    organisation_id uuid NOT NULL,
    committee_id uuid NOT NULL,
    beacon text NOT NULL CHECK (beacon ~ '^[0-9a-f]{4,64}$'),
    said text NOT NULL CHECK (length(said) <= 64),
    label text NOT NULL DEFAULT '' CHECK (length(label) <= 100),
    place_id uuid NOT NULL,
    ord smallint NOT NULL CHECK (ord BETWEEN 1 AND 200),
    PRIMARY KEY (organisation_id, committee_id, beacon),
    FOREIGN KEY (organisation_id, committee_id) REFERENCES committees,
    FOREIGN KEY (organisation_id, place_id) REFERENCES places ON DELETE CASCADE
);
CREATE INDEX place_beacons_of_place ON place_beacons (place_id, organisation_id);

-- Where the edges of a plan lie, WGS84 degrees: all or none.
ALTER TABLE place_plans
    ADD COLUMN south double precision CHECK (south BETWEEN -90 AND 90),
    ADD COLUMN west double precision CHECK (west BETWEEN -180 AND 180),
    ADD COLUMN north double precision CHECK (north BETWEEN -90 AND 90),
    ADD COLUMN east double precision CHECK (east BETWEEN -180 AND 180),
    ADD CONSTRAINT place_plans_bounds CHECK (
        num_nonnulls(south, west, north, east) IN (0, 4) AND (south IS NULL OR (south < north AND west < east))
    ) NOT VALID;

DO $policies$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['person_dossiers', 'next_of_kin', 'person_photos', 'place_beacons']
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

GRANT SELECT, INSERT, UPDATE, DELETE ON person_dossiers, next_of_kin, person_photos, place_beacons TO larm_service;
GRANT SELECT, INSERT, UPDATE ON person_dossiers TO larm_web;
GRANT SELECT, INSERT, DELETE ON next_of_kin TO larm_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON person_photos, place_beacons TO larm_web;

COMMENT ON TABLE person_dossiers IS 'retention: person';
COMMENT ON TABLE next_of_kin IS 'retention: person';
COMMENT ON TABLE person_photos IS 'retention: person';
COMMENT ON TABLE place_beacons IS 'retention: register';

-- migrate: rollback
