# The longest pause between two runs, in seconds, as far as the expression shows it; never more than it really is, so
# that what is compared with it is refused only when it cannot work.
locals {
  schedule_rate  = try(regex("^rate\\(([0-9]+) (minute|hour|day)s?\\)$", var.schedule_expression), null)
  schedule_units = { minute = 60, hour = 3600, day = 86400 }
  schedule_cron  = try(split(" ", regex("^cron\\((.*)\\)$", var.schedule_expression)[0]), null)

  cron_every = ["*", "?", "*/1", "1/1", "1-7", "SUN-SAT", "1-31", "1-12", "JAN-DEC"]

  # Minutes, hours, day of month, month, day of week, year.
  cron_days  = try([for place in [2, 4] : local.schedule_cron[place] if !contains(local.cron_every, local.schedule_cron[place])], [])
  cron_one   = anytrue([for days in local.cron_days : can(regex("^([0-9]+|[A-Z]{3})$", days))])
  cron_hours = try(sort([for hour in split(",", local.schedule_cron[1]) : format("%02d", tonumber(hour))]), [])
  cron_gaps  = [for place, hour in local.cron_hours : (tonumber(local.cron_hours[(place + 1) % length(local.cron_hours)]) - tonumber(hour) + 23) % 24 + 1]

  # Days of the week as numbers, from 1 for Sunday: MON-FRI, 2-6 and MON,TUE,WED,THU,FRI are the same. FRI-MON goes on
  # after Saturday. Empty where the expression says it in another way.
  week_days  = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
  cron_parts = try([for part in split(",", local.schedule_cron[4]) : [for end in split("-", part) : try(index(local.week_days, upper(end)) + 1, tonumber(end))]], [])
  cron_week  = sort(distinct(flatten([for ends in local.cron_parts : [for day in range(ends[0], reverse(ends)[0] + (reverse(ends)[0] < ends[0] ? 8 : 1)) : tostring((day - 1) % 7 + 1)]])))
  week_gap   = max(0, [for place, day in local.cron_week : (tonumber(local.cron_week[(place + 1) % length(local.cron_week)]) - tonumber(day) + 6) % 7 + 1]...)

  # From the last run of one day to the first of the next.
  cron_night = try(24 + tonumber(local.cron_hours[0]) - tonumber(reverse(local.cron_hours)[0]), 1)

  cron_interval = (
    try(!contains(local.cron_every, local.schedule_cron[3]), false) ? 31 * 86400 :                              # some months
    local.week_gap > 1 && length(local.cron_days) > 0 ? (24 * (local.week_gap - 1) + local.cron_night) * 3600 : # these days of the week
    try(local.cron_one, false) ? 28 * 86400 :                                                                   # one day of the month
    length(local.cron_days) > 0 && local.week_gap != 1 ? 2 * 86400 :                                            # some days
    length(local.cron_gaps) > 0 ? max(local.cron_gaps...) * 3600 :                                              # these hours
    try(tonumber(regex("^[0-9*]+/([0-9]+)$", local.schedule_cron[1])[0]), 1) * 3600                             # every so many hours
  )

  schedule_interval = local.schedule_rate != null ? tonumber(local.schedule_rate[0]) * local.schedule_units[local.schedule_rate[1]] : local.cron_interval
}
