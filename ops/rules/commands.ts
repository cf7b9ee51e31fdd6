import type { Actor } from '../access/actor.ts';
import type { Content } from './outline.ts';

interface By {
  readonly author: Actor;
  /** Why, for the history. */
  readonly note: string;
}

/**
 * Everything that changes rule sets. One function carries all of them out (`desk.ts`), so that
 * whoever keeps an audit or guards access wraps that one.
 */
export type RuleCommand = By &
  (
    | {
        /** Brings what a document changes, compared with a version, into the working copy. */
        readonly command: 'edit';
        readonly document: unknown;
        /** What the document was made from; without it, what the working copy was begun from. */
        readonly base?: number | undefined;
      }
    /** Sets the working copy, or some of its nodes with all in them, back to what is current. */
    | { readonly command: 'revert'; readonly only?: readonly string[] | undefined }
    /** Makes a document a version, without using it. */
    | {
        readonly command: 'publish';
        readonly document: unknown;
        readonly base?: number | undefined;
      }
    /** Makes a version current; without one, the working copy becomes the next version first. */
    | {
        readonly command: 'apply';
        readonly version?: number | undefined;
        /** Of the working copy: only these nodes, with all in them. */
        readonly only?: readonly string[] | undefined;
        /** Of a version: it replaces what is current even where it was not made from that. */
        readonly replaces?: boolean | undefined;
      }
    /** Makes a version current that was so before; without one, the one before the present. */
    | { readonly command: 'rollback'; readonly version?: number | undefined }
    /** Takes one promotion out at once. */
    | { readonly command: 'stop'; readonly promotion: string }
    /** Makes a version current at an instant. */
    | { readonly command: 'schedule'; readonly version: number; readonly due: number }
    | { readonly command: 'unschedule'; readonly schedule: number }
    | ({ readonly command: 'launch' } & Launch)
  );

/** A region with the campaigns that run there. */
export interface Launch {
  /** A place of the programme, or a new one. */
  readonly region: Content;
  /** Places inside the region that are new with it. */
  readonly stores: readonly Content[];
  /** The promotions that are ticked. */
  readonly campaigns: readonly string[];
  /** What differs in this region, by promotion. */
  readonly parameters: Readonly<Record<string, Content>>;
  /** What happens to promotions that are not ticked: they do not run there, or are left alone. */
  readonly others: 'off' | 'leave';
}
