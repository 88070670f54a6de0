// Written from larmcentral/api/shapes_persons.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.


/** PUT and GET of a dossier, part: somebody close to the person. */
export interface Kin {
  readonly name: string;
  readonly relation: string;
  readonly phone: string;
}

/** GET /api/persons/{person_id}/dossier[?incident=ID]. notes: what helpers should know (illness, language, threat). next_of_kin: null where this user may not see them: an operator may while an alarm of the person is open and real and he names it; managers of the committee always. That they were shown is recorded where the person sees it. may_see_kin: whether next_of_kin was left out for want of permission. */
export interface Dossier {
  readonly person_id: string;
  readonly name: string;
  readonly unit: string | null;
  readonly teams: readonly string[];
  readonly employer: string | null;
  readonly phone: string | null;
  readonly photo: boolean;
  readonly notes: string;
  readonly next_of_kin: readonly Kin[] | null;
  readonly may_see_kin: boolean;
}

/** PUT /api/persons/{person_id}/dossier. */
export interface DossierDraft {
  readonly notes?: string;
  readonly next_of_kin?: readonly Kin[];
}
