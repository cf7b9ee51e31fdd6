/** The named limits of a transaction. Whatever is beyond them is rejected, never cut. */

/** Order lines of a checkout or return. */
export const MAX_LINES = 500;
/** Codes shown with one checkout. */
export const MAX_CODES = 30;
/** Free fields of a checkout, a line or a member. */
export const MAX_FIELDS = 64;
/** Categories of one line. */
export const MAX_CATEGORIES = 32;
/** Flags of one line. */
export const MAX_FLAGS = 32;
/** Segments of one member. */
export const MAX_SEGMENTS = 256;
/** Partners of one member. */
export const MAX_PARTNERS = 256;

/** Characters of an id or a name, in UTF-16 units; all of them printable. */
export const MAX_NAME_LENGTH = 128;
/** Characters of a field's name. */
export const MAX_FIELD_NAME_LENGTH = 64;
/** Characters of a field's text. */
export const MAX_FIELD_TEXT_LENGTH = 512;
/** Characters of a comment or note. */
export const MAX_COMMENT_LENGTH = 1_000;
/** Characters of the JSON that goes with a manual adjustment. */
export const MAX_JSON_LENGTH = 4_096;
/** Nesting of that JSON. */
export const MAX_JSON_DEPTH = 8;
/** Characters of a rejection's path that come from the sender. */
export const MAX_PATH_NAME_LENGTH = 64;

/** Unit price and delivery price, in minor units. */
export const MAX_PRICE = 1_000_000_000_000;
/** Quantity of one line, in thousandths. */
export const MAX_QUANTITY = 1_000_000_000_000;
/** Points in one wish or adjustment, as the sender writes them. */
export const MAX_POINTS = 1_000_000_000_000;
/** Decimal places of points, the finest precision a point type may have. */
export const MAX_POINT_DECIMALS = 7;
/** Version numbers of rule sets. */
export const MAX_VERSION = 1_000_000_000;
/** How long a hold reserves when it does not say: a quarter of an hour. */
export const HOLD_MILLISECONDS_DEFAULT = 15 * 60_000;
/** How long it may: a week. */
export const MAX_HOLD_MILLISECONDS = 7 * 86_400_000;
/** Of the name of a shared budget: a promotion, its period and an article. */
export const MAX_BUDGET_LENGTH = 512;
/** Partitions of a deployment. */
export const MAX_PARTITIONS = 4_096;
