// SPDX-License-Identifier: MIT
// Numbers, units and times in the reader's language. What is not known is a dash with words behind it, never 0.
import type { Maybe } from './api';
import { de } from './texts_de';
import { en, type Texts } from './texts_en';

export type Language = 'en' | 'de';
export const dictionaries: Record<Language, Texts> = { en, de };

const nbsp = '\u00a0';
export const dash = '–';

// The words for a code; a code this page does not know yet is shown as it is.
export function words(list: Record<string, string>, code: Maybe<string>): string {
  if (!code) return dash;
  return list[code] ?? code.replace(/_/g, ' ');
}

export class Format {
  readonly texts: Texts;
  private numbers = new Map<string, Intl.NumberFormat>();

  constructor(readonly language: Language) {
    this.texts = dictionaries[language];
  }

  number(value: Maybe<number>, digits = 0, sign = false): string {
    if (value === null || value === undefined || !Number.isFinite(value)) return dash;
    const key = `${digits}${sign}`;
    let format = this.numbers.get(key);
    if (!format) {
      format = new Intl.NumberFormat(this.texts.locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        signDisplay: sign ? 'exceptZero' : 'auto',
      });
      this.numbers.set(key, format);
    }
    return format.format(Math.abs(value) < 0.5 / 10 ** digits ? 0 : value); // no "-0"
  }

  unit(value: Maybe<number>, unit: string, digits = 0, sign = false): string {
    const text = this.number(value, digits, sign);
    return text === dash ? dash : text + nbsp + unit;
  }

  amps = (value: Maybe<number>) => this.unit(value, 'A', 1);
  volts = (value: Maybe<number>) => this.unit(value, 'V', 2);
  cell = (mv: Maybe<number>) => this.unit(typeof mv === 'number' ? mv / 1000 : mv, 'V', 3);
  percent = (value: Maybe<number>, digits = 0) => this.unit(value, '%', digits);
  celsius = (value: Maybe<number>) => this.unit(value, '°C', 1);
  kwh = (value: Maybe<number>) => this.unit(value, 'kWh', 1);

  watts = (value: Maybe<number>) =>
    typeof value === 'number' && Math.abs(value) >= 1000 ? this.unit(value / 1000, 'kW', 2) : this.unit(value, 'W');

  // "charging 12.3 A": the direction in words instead of a sign.
  battery(amps: Maybe<number>): string {
    if (typeof amps !== 'number') return this.texts.unknown;
    if (Math.abs(amps) < 0.05) return this.texts.resting;
    const size = this.amps(Math.abs(amps));
    return amps > 0 ? this.texts.charging(size) : this.texts.discharging(size);
  }

  battery_watts(watts: Maybe<number>): string {
    if (typeof watts !== 'number') return this.texts.unknown;
    if (Math.abs(watts) < 1) return this.texts.resting;
    const size = this.watts(Math.abs(watts));
    return watts > 0 ? this.texts.charging(size) : this.texts.discharging(size);
  }

  grid(watts: Maybe<number>): string {
    if (typeof watts !== 'number') return this.texts.unknown;
    if (Math.abs(watts) < 1) return this.texts.balanced;
    const size = this.watts(Math.abs(watts));
    return watts > 0 ? this.texts.exporting(size) : this.texts.importing(size);
  }

  duration(seconds: Maybe<number>): string {
    if (typeof seconds !== 'number') return dash;
    const u = this.texts.units;
    if (seconds < 10) return this.unit(seconds, u['s']!, 1);
    if (seconds < 120) return this.unit(Math.floor(seconds), u['s']!);
    if (seconds < 7200) return this.unit(Math.floor(seconds / 60), u['min']!);
    if (seconds < 172800) return this.unit(Math.floor(seconds / 3600), u['h']!);
    return this.unit(Math.floor(seconds / 86400), u['d']!);
  }

  // Whole seconds: for what counts up on the screen.
  age(seconds: Maybe<number>): string {
    if (typeof seconds !== 'number') return dash;
    return seconds < 120 ? this.unit(Math.max(0, Math.floor(seconds)), this.texts.units['s']!) : this.duration(seconds);
  }

  date(unix: number, options: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(this.texts.locale, options).format(new Date(unix * 1000));
  }

  time(unix: Maybe<number>): string {
    if (typeof unix !== 'number') return dash;
    return this.date(unix, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  }

  moment(unix: Maybe<number>): string {
    if (typeof unix !== 'number') return dash;
    return this.date(unix, {
      day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
    });
  }
}
