// Writes times, numbers and names for people. All times are UTC and say so.

import { h } from "./dom.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "2030-01-02 12:00:00 UTC" */
export function timeText(time) {
  return `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** "2030-01-02" */
export function dateText(time) {
  return new Date(time).toISOString().slice(0, 10);
}

/** "in 3 days", "2 hours ago" */
export function relative(time, now = Date.now()) {
  const span = new Date(time).getTime() - now;
  const size = Math.abs(span);
  if (size < MINUTE) {
    return "just now";
  }

  const [amount, unit] = size < HOUR ? [size / MINUTE, "minute"]
    : size < 2 * DAY ? [size / HOUR, "hour"]
    : size < 90 * DAY ? [size / DAY, "day"]
    : size < 730 * DAY ? [size / (30.44 * DAY), "month"]
    : [size / (365.25 * DAY), "year"];
  const words = count(Math.round(amount), unit);
  return span > 0 ? `in ${words}` : `${words} ago`;
}

/** A <time> with the whole time; its title is how far away it is. */
export function time(value, { short = false } = {}) {
  return value
    ? h("time", { datetime: value, title: relative(value), class: "num" }, short ? dateText(value) : timeText(value))
    : h("span", { class: "faint" }, "–");
}

/** "1 certificate", "1,204 certificates" */
export function count(amount, noun, plural = `${noun}s`) {
  return `${number(amount)} ${amount === 1 ? noun : plural}`;
}

/** 12,345: the separator is the same everywhere. */
export function number(amount) {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Days left, in words. */
export function daysLeft(days) {
  return days > 0 ? `${count(days, "day")} left` : days === 0 ? "ends today" : `ended ${count(-days, "day")} ago`;
}

/** Days until a time, by date as the CA counts them; negative once it is over. */
export function daysUntil(time, now = Date.now()) {
  return (Date.parse(dateText(time)) - Date.parse(dateText(now))) / DAY;
}

/** How much of a span is over, between 0 and 1. */
export function share(from, until, now = Date.now()) {
  const [start, end] = [new Date(from).getTime(), new Date(until).getTime()];
  return end <= start ? 1 : Math.min(1, Math.max(0, (now - start) / (end - start)));
}

/** Hexadecimal in pairs with colons, whatever separators it had. */
export function colons(hex) {
  return (hex ?? "").replace(/[^0-9a-f]/gi, "").toUpperCase().match(/../g)?.join(":") ?? "";
}

/** A serial number that is too long for a column: its beginning and its end. */
export function shortSerial(serial) {
  return serial.length > 16 ? `${serial.slice(0, 6)}…${serial.slice(-6)}` : serial;
}

/** A size in octets. */
export function octets(amount) {
  return amount < 1024 ? count(amount, "octet") : `${number(Math.round(amount / 1024))} KiB`;
}
