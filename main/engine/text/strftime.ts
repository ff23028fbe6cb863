/**
 * @file Python's `datetime.strftime` for the directives that chat templates use to print today's date. English names, as
 * in Python's default locale.
 */

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Formats a local time; a directive that is not known here stays as it is written. */
export function strftime(time: Date, format: string): string {
  const month = MONTHS[time.getMonth()] as string;
  const day = DAYS[time.getDay()] as string;
  const values: Readonly<Record<string, string>> = {
    Y: String(time.getFullYear()),
    y: pad(time.getFullYear() % 100),
    m: pad(time.getMonth() + 1),
    B: month,
    b: month.slice(0, 3),
    d: pad(time.getDate()),
    A: day,
    a: day.slice(0, 3),
    H: pad(time.getHours()),
    I: pad(time.getHours() % 12 || 12),
    M: pad(time.getMinutes()),
    S: pad(time.getSeconds()),
    p: time.getHours() < 12 ? 'AM' : 'PM',
    '%': '%',
  };
  return format.replace(/%(.)/gu, (directive, letter: string) => values[letter] ?? directive);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
