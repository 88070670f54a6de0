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
-- Somebody: a worker, a responder, a guard of another employer.
INSERT INTO persons (organisation_id, committee_id, id, unit_id, name, phone, employer, external, ends_on, language)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (organisation_id, id) DO UPDATE SET unit_id = excluded.unit_id, name = excluded.name,
    phone = excluded.phone, employer = excluded.employer, external = excluded.external, ends_on = excluded.ends_on,
    language = excluded.language;

-- name: team_member
-- Who belongs to a team.
INSERT INTO team_members (organisation_id, committee_id, team_id, person_id) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- name: contact_point
-- A way to reach somebody; one that was retired and is given again works again.
INSERT INTO contact_points (organisation_id, committee_id, id, person_id, channel, address, rank)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organisation_id, id) DO UPDATE SET address = excluded.address, rank = excluded.rank, retired_at = NULL,
    retired_why = NULL;

-- name: device
-- A transmitter, by the name it gives itself on its protocol.
INSERT INTO devices (organisation_id, committee_id, id, protocol, account, model, label, purpose, secret, options,
    supervised, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp())
ON CONFLICT (organisation_id, id) DO UPDATE SET protocol = excluded.protocol, account = excluded.account,
    model = excluded.model, label = excluded.label, secret = excluded.secret, options = excluded.options,
    supervised = excluded.supervised, changed_at = clock_timestamp();

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
