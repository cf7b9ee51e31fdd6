import type { Actor } from '../access/actor.ts';
import type { Reach } from '../access/roles.ts';
import type { Content } from './outline.ts';

interface By {
  readonly author: Actor;
  /** Why, for the history. */
  readonly note: string;
  /** Stores that the author is responsible for; without it, all of them. */
  readonly reach?: Reach;
  /** False for who may not stand in for the second person by applying. */
  readonly approves?: boolean;
  /** What was asked once is done once, whoever repeats it under this key. */
  readonly request?: RequestKey;
}

export interface RequestKey {
  readonly key: string;
  /** True where an earlier attempt may have got half way. */
  readonly resumed: boolean;
}

/** The state of a node that was not switched off is `active`. */
export type SwitchTo = 'active' | 'inactive' | 'ended' | 'archived';

/** One edit of nodes of the working copy, named as an outline names them. */
export type NodeEdit =
  | {
      readonly command: 'put';
      readonly node: string;
      readonly content: Content;
      /** Of a new promotion or group, the group it stands in; without it, main arbitration. */
      readonly to?: string | undefined;
      /** What the author saw of it, or `absent` where it must not be there yet. */
      readonly match: string;
    }
  /** A deep copy as a draft with ids of its own; so its counters begin at zero. */
  | {
      readonly command: 'clone';
      readonly node: string;
      /** The id of the copy; without it one is made up. */
      readonly id?: string | undefined;
      readonly to?: string | undefined;
    }
  | {
      readonly command: 'move';
      readonly node: string;
      readonly to: string;
      /** The node it goes behind; without it, it comes first. */
      readonly after?: string | undefined;
      readonly match?: string | undefined;
    }
  /** All of these nodes or none. A group carries everything in it along. */
  | { readonly command: 'switch'; readonly nodes: readonly string[]; readonly state: SwitchTo }
  | { readonly command: 'delete'; readonly node: string; readonly match?: string | undefined }
  /** The working copy becomes this document. */
  | { readonly command: 'replace'; readonly document: unknown; readonly match: string };

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
    /** A second person's word that a version may be used. */
    | { readonly command: 'approve'; readonly version: number }
    | NodeEdit
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
