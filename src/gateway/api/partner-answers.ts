import type { Act, Approval, RuleSetVersion, Schedule } from '../../../ops/rules/version.ts';
import type { Ask } from './route.ts';

/**
 * What partners hear of versions and of what became current: which and when. Who did it and what
 * they noted down is the programme's own, and may name other partners.
 */

type Of = Pick<Ask['caller'], 'partners'>;

export function isOfPartners({ partners }: Of): boolean {
  return partners !== 'all';
}

export function versionFor(caller: Of, version: RuleSetVersion): object {
  if (!isOfPartners(caller)) return version;
  const { version: number, hash, parent, at } = version;
  return { version: number, hash, parent, at };
}

/** The key of a request is its sender's business. */
export function actFor(caller: Of, { request: _, ...act }: Act): object {
  if (!isOfPartners(caller)) return act;
  const { number, act: kind, version, hash, before, at } = act;
  return { number, act: kind, version, hash, before, at };
}

export function planFor(caller: Of, { request: _, ...schedule }: Schedule): object {
  if (!isOfPartners(caller)) return schedule;
  const { number, version, due, at, state } = schedule;
  return { number, version, due, at, state };
}

export function approvalFor(caller: Of, approval: Approval): object {
  return isOfPartners(caller) ? { at: approval.at } : approval;
}
