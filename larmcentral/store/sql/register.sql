-- name: organisation
-- A municipality.
INSERT INTO organisations (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name;

-- name: committee
-- A committee of it.
INSERT INTO committees (organisation_id, id, name) VALUES ($1, $2, $3)
ON CONFLICT (organisation_id, id) DO UPDATE SET name = excluded.name;

-- name: committee_once
-- A committee that must be there, whatever it is called.
INSERT INTO committees (organisation_id, id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: sector
-- A sector of a committee.
INSERT INTO sectors (organisation_id, committee_id, id, name) VALUES ($1, $2, $3, $4)
ON CONFLICT (organisation_id, id) DO UPDATE SET name = excluded.name;

-- name: unit
-- A unit of a sector.
INSERT INTO units (organisation_id, committee_id, id, sector_id, name) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organisation_id, id) DO UPDATE SET name = excluded.name;

-- name: team
-- A team of a unit.
INSERT INTO teams (organisation_id, committee_id, id, unit_id, name) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organisation_id, id) DO UPDATE SET name = excluded.name;

-- name: person
-- Somebody: a worker, a responder, a guard of another employer. Codes that are not given stay.
INSERT INTO persons AS p (organisation_id, committee_id, id, unit_id, name, phone, employer, external, ends_on,
    language, trained_on, pin_hash, duress_pin_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (organisation_id, id) DO UPDATE SET unit_id = excluded.unit_id, name = excluded.name,
    phone = excluded.phone, employer = excluded.employer, external = excluded.external, ends_on = excluded.ends_on,
    language = excluded.language, trained_on = excluded.trained_on,
    pin_hash = coalesce(excluded.pin_hash, p.pin_hash),
    duress_pin_hash = coalesce(excluded.duress_pin_hash, p.duress_pin_hash);

-- name: team_member
-- Who belongs to a team.
INSERT INTO team_members (organisation_id, committee_id, team_id, person_id) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- name: contact_point
-- A way to reach somebody; one that was retired and is given again works again. With another address nothing is proven of
-- it, and what was sent to the one before proves nothing any more.
WITH awaited AS (
    DELETE FROM point_proofs f USING contact_points c
    WHERE (c.organisation_id, c.id) = (f.organisation_id, f.point_id)
        AND (f.organisation_id, f.point_id) = ($1, $3) AND c.address <> $6
)
INSERT INTO contact_points AS c (organisation_id, committee_id, id, person_id, channel, address, rank)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organisation_id, id) DO UPDATE SET address = excluded.address, rank = excluded.rank, retired_at = NULL,
    retired_why = NULL, verified_at = CASE WHEN c.address = excluded.address THEN c.verified_at END;

-- name: device
-- A transmitter, by the name it gives itself on its protocol.
INSERT INTO devices (organisation_id, committee_id, id, protocol, account, model, label, purpose, secret, options,
    supervised, tag, pool, place_id, supervision, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, clock_timestamp())
ON CONFLICT (organisation_id, id) DO UPDATE SET protocol = excluded.protocol, account = excluded.account,
    model = excluded.model, label = excluded.label, secret = excluded.secret, options = excluded.options,
    supervised = excluded.supervised, tag = excluded.tag, pool = excluded.pool, place_id = excluded.place_id,
    supervision = excluded.supervision, changed_at = clock_timestamp();

-- name: end_assignment
-- Nobody else wears it any more.
UPDATE device_assignments SET until_at = $3
WHERE organisation_id = $1 AND device_id = $2 AND until_at IS NULL AND person_id <> $4;

-- name: assign
-- Somebody wears a device from now on.
INSERT INTO device_assignments (organisation_id, committee_id, device_id, person_id, from_at)
SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT FROM device_assignments
    WHERE organisation_id = $1 AND device_id = $3 AND person_id = $4 AND until_at IS NULL);

-- name: chain
-- A chain's newest version.
INSERT INTO chains (organisation_id, committee_id, id, name, version) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organisation_id, id) DO UPDATE SET name = excluded.name, version = excluded.version;

-- name: chain_version
-- A version is written once.
INSERT INTO chain_versions (organisation_id, committee_id, chain_id, version, body, made_at, made_by)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7) ON CONFLICT DO NOTHING;

-- name: chain_choice
-- Which alarms take the chain.
INSERT INTO chain_choices (organisation_id, committee_id, id, unit_id, kind, purpose, chain_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organisation_id, committee_id, unit_id, kind, purpose) DO UPDATE SET chain_id = excluded.chain_id;

-- name: place
-- A place people work at; one that was removed and is entered again is there again.
INSERT INTO places (organisation_id, committee_id, id, name, address, floor, door_code, notes, lat, lon, building_id,
    unit_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (organisation_id, id) DO UPDATE SET name = excluded.name, address = excluded.address,
    floor = excluded.floor, door_code = excluded.door_code, notes = excluded.notes, lat = excluded.lat,
    lon = excluded.lon, building_id = excluded.building_id, unit_id = excluded.unit_id, removed_at = NULL
WHERE places.committee_id = excluded.committee_id
RETURNING id;

-- name: site_plan
-- The drawing of a place, in place of the one that was there.
INSERT INTO place_plans (organisation_id, committee_id, place_id, media_type, body, filed_at, south, west, north, east)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (organisation_id, place_id) DO UPDATE SET media_type = excluded.media_type, body = excluded.body,
    filed_at = excluded.filed_at, south = excluded.south, west = excluded.west, north = excluded.north,
    east = excluded.east;

-- name: lift_flag
-- What was recorded of a place no longer stands, unless it is the flag $4.
UPDATE place_flags SET lifted_at = greatest($3, set_at)
WHERE organisation_id = $1 AND place_id = $2 AND lifted_at IS NULL AND id IS DISTINCT FROM $4;

-- name: flag
-- A recorded risk.
INSERT INTO place_flags (organisation_id, committee_id, id, place_id, risk, owner_id, ground, set_at, review_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (organisation_id, id) DO NOTHING;

-- name: rota
-- A rota's newest version.
INSERT INTO rotas (organisation_id, committee_id, id, name, version) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organisation_id, id) DO UPDATE SET name = excluded.name, version = excluded.version;

-- name: rota_version
-- A version is written once.
INSERT INTO rota_versions (organisation_id, committee_id, rota_id, version, body, made_at, made_by)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7) ON CONFLICT DO NOTHING;

-- name: drop_managers
-- Who is not listed manages the unit no more.
DELETE FROM unit_managers WHERE organisation_id = $1 AND unit_id = $2 AND person_id <> ALL ($3::uuid[]);

-- name: managers
-- Who manages a unit.
INSERT INTO unit_managers (organisation_id, committee_id, unit_id, person_id)
SELECT $1, $2, $3, one FROM unnest($4::uuid[]) AS one
ON CONFLICT DO NOTHING;

-- name: safety_plan
-- What a unit, or a whole committee, has settled about time alone.
INSERT INTO safety_plans (organisation_id, committee_id, id, unit_id, body) VALUES ($1, $2, $3, $4, $5::jsonb)
ON CONFLICT (committee_id, unit_id, organisation_id) DO UPDATE SET body = excluded.body;
