/**
 * Why a transaction was rejected. The codes are a closed list and part of the contract: they
 * are recorded, answered and counted, so a code is never renamed or given another meaning.
 * `docs/reference/reasons.md` is generated from this table (`npm run docs:reasons`).
 */

/** What a reason means to the sender and what to do about it, one sentence each. */
export interface ReasonText {
  readonly means: string;
  readonly todo: string;
}

/** The message could not be read as an envelope of transactions. */
export const ENVELOPE_REASONS = {
  'unreadable-message': {
    means: 'The message is neither valid JSON nor valid msgpack.',
    todo: 'Send JSON or msgpack and name it in the `Content-Type` header.',
  },
  'message-too-large': {
    means: 'The message is larger than an envelope may be (256 KiB).',
    todo: 'Send fewer transactions in one envelope.',
  },
  'empty-envelope': {
    means: 'The envelope is an array without a transaction.',
    todo: 'Send at least one transaction.',
  },
  'too-many-transactions': {
    means: 'The envelope holds more than 512 transactions.',
    todo: 'Send several envelopes.',
  },
  'wrong-partition': {
    means: 'The transaction belongs to another partition than the one it was published to.',
    todo: 'Publish by the member, or let the server map `checkout.<member>` to the partition.',
  },
  'not-your-store': {
    means: 'A till named another store than the one it speaks for, or none.',
    todo: "Send the till's own store; a cancel or capture goes to the store of the sale.",
  },
  'kind-not-for-tills': {
    means: 'A till sent a kind of transaction that only services and operators may send.',
    todo: 'Send it through the gateway, as somebody who may.',
  },
} as const satisfies Readonly<Record<string, ReasonText>>;

/** The transaction does not have the agreed shape, or a value in it is impossible. */
export const SHAPE_REASONS = {
  'not-an-object': {
    means: 'An object was expected here.',
    todo: 'Send an object with named fields.',
  },
  'unknown-kind': {
    means: 'The `kind` is not one of the kinds of transaction.',
    todo: 'Use one of the kinds in the rule-language reference.',
  },
  'unsupported-kind': {
    means: 'The kind exists in the language but this version does not process it.',
    todo: 'Send it to a version that does; nothing was recorded but this rejection.',
  },
  'missing-field': {
    means: 'A field that this kind needs is not there.',
    todo: 'Add the field named by the path.',
  },
  'unknown-field': {
    means: 'A field is not known here; it may be a spelling mistake.',
    todo: 'Correct or remove it; free attributes belong in `fields`.',
  },
  'forbidden-name': {
    means: 'A field has a name that is never accepted, such as `__proto__`.',
    todo: 'Use another name.',
  },
  'wrong-type': {
    means: 'The value has another type than the field.',
    todo: 'Send the type that the message names.',
  },
  'empty-text': {
    means: 'The text is empty.',
    todo: 'Leave the field out or fill it.',
  },
  'text-too-long': {
    means: 'The text is longer than the limit.',
    todo: 'Shorten it to the length that the message names.',
  },
  'not-printable': {
    means: 'The text has control characters or broken Unicode.',
    todo: 'Send printable characters only.',
  },
  'no-lines': {
    means: 'The checkout or return has an empty list of lines.',
    todo: 'Send at least one line.',
  },
  'too-many': {
    means: 'The list or map has more entries than the limit.',
    todo: 'Send at most as many as the message names.',
  },
  'duplicate-line': {
    means: 'Two lines have the same id.',
    todo: 'Give every line its own id, or leave the ids out.',
  },
  'not-a-number': {
    means: 'The number is not finite (NaN or infinite) or its text is no decimal number.',
    todo: 'Send a plain decimal number.',
  },
  'not-an-integer': {
    means: 'The number has a fraction where only whole numbers are possible.',
    todo: 'Send money in minor units, as an integer.',
  },
  'too-many-decimals': {
    means: 'The number has more decimal places than the field keeps.',
    todo: 'Round it before sending: three places for quantities, seven for points.',
  },
  'number-too-small': {
    means: 'The number is below the least possible value, such as a negative price.',
    todo: 'Send a number in the range that the message names.',
  },
  'number-too-large': {
    means: 'The number is above the greatest possible value.',
    todo: 'Send a number in the range that the message names.',
  },
  'total-too-large': {
    means: 'The gross of a line or of the checkout is beyond 2^53 minor units.',
    todo: 'Check price and quantity; split the purchase if it is real.',
  },
  'invalid-instant': {
    means: 'The instant is not ISO 8601 with an offset, or not in the calendar.',
    todo: 'Send it like `2026-11-21T18:04:11+05:00`.',
  },
  'unknown-word': {
    means: 'The word is not one of those that this field takes.',
    todo: 'Use one of the words that the message names.',
  },
  'invalid-phone': {
    means: 'The phone number is not in the international form.',
    todo: 'Send it like `+77011234567`.',
  },
  'invalid-date': {
    means: 'The date is not `YYYY-MM-DD` or not in the calendar.',
    todo: 'Send it like `1990-02-28`.',
  },
  'invalid-duration': {
    means: 'The length of time is not ISO 8601, has months, is zero or is beyond the limit.',
    todo: 'Send it like `PT15M`, within the limit that the message names.',
  },
  'invalid-currency': {
    means: 'The currency is not a code of three capital letters.',
    todo: 'Send the ISO 4217 code, like `KZT`.',
  },
  'invalid-location': {
    means: 'The latitude is not within −90 to 90 or the longitude not within −180 to 180.',
    todo: 'Send degrees as numbers.',
  },
} as const satisfies Readonly<Record<string, ReasonText>>;

/** The transaction is well formed, but it cannot happen under the present state or rule set. */
export const STATE_REASONS = {
  'occurred-in-the-future': {
    means: 'The purchase claims to happen more than five minutes after it was accepted.',
    todo: 'Correct the clock of the till and send it under a new id.',
  },
  'foreign-checkout': {
    means: 'The checkout belongs to another member than the one who returns it.',
    todo: 'Send the member of the checkout, or none.',
  },
  'nothing-left-to-return': {
    means: 'All of the checkout was returned or cancelled already.',
    todo: 'Nothing: the earlier return stands.',
  },
  'rule-set-refused': {
    means: 'The rule-set version does not compile on this processor, so it is not activated.',
    todo: 'Check it with `arbiter rules check`, publish a corrected version and activate that.',
  },
  'transaction-id-reused': {
    means: 'A transaction with this id and other content was recorded before.',
    todo: 'Use a new id for a new transaction; repeat an old one unchanged.',
  },
  'no-active-rule-set': {
    means: 'No rule-set version is active in this partition.',
    todo: 'Activate a rule-set version, then send the transaction again under a new id.',
  },
  'wrong-currency': {
    means: 'The currency is not the one of the store, or without a store of the programme.',
    todo: 'Send amounts in the currency of the place where the purchase happens.',
  },
  'unknown-store': {
    means: 'The store is not declared in the rule set.',
    todo: 'Declare the store as a place, or correct its id.',
  },
  'unknown-promotion': {
    means: 'The rule set has no trigger promotion of this name.',
    todo: 'Name one that it has, or none.',
  },
  'unknown-partner': {
    means: 'The partner is not declared in the rule set.',
    todo: 'Declare the partner, or correct its id.',
  },
  'unknown-point-type': {
    means: 'The point type is not declared in the rule set.',
    todo: 'Declare the point type, or correct its id.',
  },
  'unknown-member': {
    means: 'There is no such member.',
    todo: 'Enrol the member first.',
  },
  'member-exists': {
    means: 'The member is enrolled already.',
    todo: 'Nothing, if it is the same person; else use another member id.',
  },
  'unknown-checkout': {
    means: 'The checkout that should be returned or cancelled is not in the ledger.',
    todo: 'Send the checkout first, with the same member; then the return under a new id.',
  },
  'member-merged': {
    means: 'The member was merged into another one.',
    todo: 'Send the same again with the member that `sendFor` names.',
  },
  'transfer-to-self': {
    means: 'A member would give points to itself.',
    todo: 'Name another member.',
  },
  'merge-into-self': {
    means: 'A member would be merged into itself.',
    todo: 'Name another member.',
  },
  'too-many-lots': {
    means: 'The member has more lots, or counters of limits, than can be moved at once.',
    todo: 'Transfer a part of them by hand, or wait until some have expired.',
  },
  'movement-in-flight': {
    means: 'A transfer, a link or a hold of the member is not done yet.',
    todo: 'Wait for it, or release the hold; then send it again under a new id.',
  },
  'not-merged': {
    means: 'The member is not merged into another one.',
    todo: 'Nothing: there is no merge to undo.',
  },
  'unmerge-too-late': {
    means: 'The merge is too long ago to be undone.',
    todo: 'Move points by hand where that is right.',
  },
  'unknown-identifier': {
    means: 'The card or phone is not linked to this member.',
    todo: 'Name one that is; the member view lists them.',
  },
  'identifier-not-free': {
    means: 'The card or phone is in a state that does not allow this.',
    todo: 'Do what the message says first.',
  },
  'identifier-taken': {
    means: 'The card or phone belongs to another member.',
    todo: 'Merge the members, or unlink it there first.',
  },
  'too-many-identifiers': {
    means: 'The member has as many cards and phones as it may have.',
    todo: 'Unlink some first.',
  },
  'unknown-card': {
    means: 'The card is not linked to this member, or to anybody.',
    todo: 'Link the card first, or send the checkout without it.',
  },
  'card-blocked': {
    means: 'The card is blocked or was replaced.',
    todo: 'Ask for the new card, or unblock this one.',
  },
  'card-names-member': {
    means: 'The checkout shows only a card, and this is the partition of the card.',
    todo: 'Send the same again with the member that `sendFor` names.',
  },
  'points-out-of-range': {
    means: 'The event asks for points outside of the range that the promotion allows.',
    todo: 'Send a value within the range, or none for the fewest points.',
  },
  'approval-required': {
    means: 'A movement by hand is larger than the point type allows one person.',
    todo: 'Send it with its `author` and with another person in `approvedBy`.',
  },
  'unknown-relay': {
    means: 'The relay has its answer already, or was never sent.',
    todo: 'Nothing: the first answer stands.',
  },
  'checkout-never-came': {
    means: 'A return waited for its checkout, and the checkout did not come in time.',
    todo: 'If it was a real purchase, send the checkout and then the return under new ids.',
  },
  'too-many-parked': {
    means: 'Too many returns wait for checkouts that have not come.',
    todo: 'Send the checkout first, then the return under a new id.',
  },
  'return-group-incomplete': {
    means: 'A promotion joined several lines, and only a part of them would be returned.',
    todo: 'Return all lines that the promotion joined, in one transaction.',
  },
  'unknown-line': {
    means: 'The named checkout has no such line.',
    todo: 'Name a line of that checkout.',
  },
  'return-exceeds-checkout': {
    means: 'More would be returned than is left of the checkout.',
    todo: 'Return at most what was bought and not returned yet.',
  },
  'points-not-spendable': {
    means: 'Qualification points only raise a tier; they cannot be spent.',
    todo: 'Name a standard point type.',
  },
  'point-type-deactivated': {
    means: 'The point type was switched off: its points are neither given nor spent any more.',
    todo: 'Name another point type, or move its `deactivateAt`.',
  },
  'member-required': {
    means: 'Points pay for this checkout, but it names no member.',
    todo: 'Name the member, or leave out `pay`.',
  },
  'member-closed': {
    means: 'The member was closed, or merged into another one.',
    todo: 'Use the member that is left, or enrol the person anew.',
  },
  'lot-expired': {
    means: 'The points that should be brought in have expired already.',
    todo: 'Leave them out, or correct their `expiresAt`.',
  },
  'unknown-top-up': {
    means: 'The top-up is none of this member, or took other points.',
    todo: 'Send its id, type and points as the letter of the top-up says them.',
  },
  'top-up-given-back': {
    means: 'The points of the top-up were given back already.',
    todo: 'Nothing: the earlier adjustment stands.',
  },
  'too-many-holds': {
    means: 'As many holds of the member are open as may be.',
    todo: 'Capture or release some, or wait until their time is over.',
  },
  'unknown-hold': {
    means: 'The hold that should be captured or released is not in the ledger, or was rejected.',
    todo: 'Send the hold first, with the same member; then this under a new id.',
  },
  'foreign-hold': {
    means: 'The hold belongs to another member.',
    todo: 'Send the member of the hold.',
  },
  'hold-expired': {
    means: 'The time of the hold is over: what it reserved is free, unless it was ended before.',
    todo: 'Send the checkout as it is, or a new hold.',
  },
  'hold-ended': {
    means: 'The hold was captured or released before; each hold ends once.',
    todo: 'Nothing, if that was meant; else send a new checkout.',
  },
  'capture-exceeds-hold': {
    means: 'More would be captured than the hold keeps.',
    todo: 'Capture at most what is held; send the rest as a checkout of its own.',
  },
  'partner-block-exhausted': {
    means: 'A prepaid partner would issue more points than it has paid for.',
    todo: 'Raise the balance of its block, then send the checkout under a new id.',
  },
  'insufficient-points': {
    means: 'The member has fewer points than the transaction would take.',
    todo: 'Ask for at most the available points.',
  },
} as const satisfies Readonly<Record<string, ReasonText>>;

/** Our own failure. Whoever sees one of these may report it. */
export const FAULT_REASONS = {
  'not-a-quote': {
    means: 'Only quotes are answered on this subject, and this is something else.',
    todo: 'Send it to the log: publish it to `checkout.<member>` or post it to `/v1/checkouts`.',
  },
  'engine-fault': {
    means: 'Arbiter itself failed on this transaction; nothing of it was posted.',
    todo: 'Report it with the transaction id; its neighbours were not affected.',
  },
} as const satisfies Readonly<Record<string, ReasonText>>;

/** Every reason of rejection with its texts. */
export const REASONS = {
  ...ENVELOPE_REASONS,
  ...SHAPE_REASONS,
  ...STATE_REASONS,
  ...FAULT_REASONS,
} as const;

export type ShapeReason = keyof typeof SHAPE_REASONS;
export type Reason = keyof typeof REASONS;

/** True for a code of the closed list. */
export function isReason(code: string): code is Reason {
  return Object.hasOwn(REASONS, code);
}
