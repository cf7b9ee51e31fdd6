/** What a setting may be, and how its text is checked. */

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

export interface Setting<T> {
  /** Environment variable; undefined for settings of one command only. */
  readonly env: string | undefined;
  /** Command line flag, with its dashes. */
  readonly flag: string | undefined;
  readonly fallback: T;
  /** What the documentation calls the default when the value itself says little. */
  readonly fallbackText: string;
  readonly unit: string;
  /** The possible values, for people. */
  readonly range: string;
  readonly about: string;
  /** Never printed or logged. */
  readonly secret: boolean;
  /** True when the flag stands alone, without a value. */
  readonly isSwitch: boolean;
  readonly parse: (text: string) => Parsed<T>;
}

interface Described {
  readonly env?: string;
  readonly flag?: string;
  readonly about: string;
  readonly unit?: string;
  readonly secret?: boolean;
  readonly fallbackText?: string;
}

interface Kind<T> {
  readonly fallback: T;
  readonly range: string;
  readonly parse: (text: string) => Parsed<T>;
  readonly isSwitch?: boolean;
}

function setting<T>(described: Described, kind: Kind<T>): Setting<T> {
  return {
    env: described.env,
    flag: described.flag,
    fallback: kind.fallback,
    fallbackText: described.fallbackText ?? textOf(kind.fallback),
    unit: described.unit ?? '',
    range: kind.range,
    about: described.about,
    secret: described.secret ?? false,
    isSwitch: kind.isSwitch ?? false,
    parse: kind.parse,
  };
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return value === undefined ? '' : String(value);
}

/** Free text, such as a path or a name. */
export function text(described: Described & { readonly fallback: string }): Setting<string> {
  return setting(described, { fallback: described.fallback, range: 'text', parse: nonEmpty });
}

/** Text that may be left out. */
export function optionalText(described: Described): Setting<string | undefined> {
  return setting<string | undefined>(described, {
    fallback: undefined,
    range: 'text',
    parse: nonEmpty,
  });
}

interface Range {
  readonly fallback: number;
  readonly least: number;
  readonly most: number;
}

export function integer(described: Described & Range): Setting<number> {
  const { fallback, least, most } = described;
  const range = `${least} to ${most}`;
  return setting(described, {
    fallback,
    range,
    parse: (value) => {
      const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= least && number <= most) return { ok: true, value: number };
      return { ok: false, problem: `has to be a whole number from ${range}` };
    },
  });
}

export function choice<const T extends string>(
  described: Described & { readonly fallback: NoInfer<T>; readonly of: readonly T[] },
): Setting<T> {
  const range = described.of.join(', ');
  return setting<T>(described, {
    fallback: described.fallback,
    range,
    parse: (value) => {
      const chosen = described.of.find((each) => each === value);
      if (chosen !== undefined) return { ok: true, value: chosen };
      return { ok: false, problem: `has to be one of ${range}` };
    },
  });
}

/** True or false; as a flag it stands alone and means true. */
export function onOff(described: Described & { readonly fallback: boolean }): Setting<boolean> {
  return setting(described, {
    fallback: described.fallback,
    range: 'true, false',
    isSwitch: true,
    parse: (value) => {
      if (value === 'true' || value === '1') return { ok: true, value: true };
      if (value === 'false' || value === '0') return { ok: true, value: false };
      return { ok: false, problem: 'has to be true or false' };
    },
  });
}

/** Addresses with one of the protocols, separated by commas. Empty by default. */
export function addresses(
  described: Described & { readonly protocols: readonly string[] },
): Setting<readonly string[]> {
  const { protocols } = described;
  const range = `addresses (${protocols.join(', ')}), separated by commas`;
  return setting<readonly string[]>(described, {
    fallback: [],
    range,
    parse: (value) => {
      const list = value.split(',').map((each) => each.trim());
      if (list.every((each) => isAddress(each, protocols))) return { ok: true, value: list };
      return { ok: false, problem: `has to be ${range}` };
    },
  });
}

function isAddress(value: string, protocols: readonly string[]): boolean {
  const parsed = URL.parse(value);
  return parsed !== null && protocols.includes(`${parsed.protocol}//`) && parsed.hostname !== '';
}

function nonEmpty(value: string): Parsed<string> {
  if (value.trim() !== '') return { ok: true, value };
  return { ok: false, problem: 'is empty' };
}
