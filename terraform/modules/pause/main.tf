# The longest pause between two times of an expression. A day that is said with L, W or # comes once a month.
locals {
  rate  = try(regex("^rate\\(([0-9]+) (minute|hour|day)s?\\)$", var.expression), null)
  units = { minute = 60, hour = 3600, day = 86400 }

  # Minutes, hours, days of the month, months, days of the week; years are not looked at.
  texts = try(slice(split(" ", upper(regex("^cron\\((.*)\\)$", var.expression)[0])), 0, 5), [])
  first = [0, 0, 1, 1, 1]
  size  = [60, 24, 31, 12, 7]
  names = merge(
    { for place in range(60) : tostring(place) => place },
    { for place, name in ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] : name => place + 1 },
    { for place, name in ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] : name => place + 1 },
  )

  # A field's parts: from, to and step of 5, 8-18, FRI-MON, */15 and 2/6.
  parts = [for place, text in local.texts : try([for part in split(",", replace(text, "?", "*")) : {
    all  = startswith(part, "*")
    from = startswith(part, "*") ? local.first[place] : local.names[regex("^[0-9A-Z]+", part)]
    to   = try(local.names[regex("-([0-9A-Z]+)", part)[0]], null)
    step = try(tonumber(regex("/([1-9][0-9]*)$", part)[0]), null)
    ok   = regex("^([*]|[0-9A-Z]+(-[0-9A-Z]+)?)(/[1-9][0-9]*)?$", part)
  }], [])]

  # A field's values in their order, as two digits; none where it says something else. FRI-MON goes on after Saturday.
  values = [for place, parts in local.parts : sort(distinct(flatten([for part in parts : [
    for value in range(
      part.from,
      1 + (part.to != null ? part.to + (part.to < part.from ? local.size[place] : 0) :
      part.all || part.step != null ? local.first[place] + local.size[place] - 1 : part.from),
      coalesce(part.step, 1),
    ) : format("%02d", (value - local.first[place]) % local.size[place] + local.first[place])
  ]])))]

  # From each value to the next, the last one to the first of the next round.
  steps = [for place, values in local.values : [for index, value in values :
    (tonumber(values[(index + 1) % length(values)]) - tonumber(value) + local.size[place] - 1) % local.size[place] + 1
  ]]

  # Minutes of the day.
  times = try([for time in sort([for pair in setproduct(local.values[1], local.values[0]) : join("", pair)]) :
    tonumber(substr(time, 0, 2)) * 60 + tonumber(substr(time, 2, 2))
  ], [])
  in_a_day = length(local.times) < 2 ? 0 : max([for index, time in slice(local.times, 1, length(local.times)) : time - local.times[index]]...)
  night    = length(local.times) == 0 ? 1440 : 1440 + local.times[0] - reverse(local.times)[0]

  # From a day to the next on which there are times, and the months between in which there are none.
  to_next_day = max(1, try(length(local.values[2]) == 0 || length(local.values[4]) == 0 ? 31 : max(concat(local.steps[2], local.steps[4])...), 1))
  idle_months = max(0, try(max(local.steps[3]...) - 1, 0))

  cron_minutes = max(local.in_a_day, (30 * local.idle_months + local.to_next_day - 1) * 1440 + local.night)
}
