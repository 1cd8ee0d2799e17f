output "seconds" {
  description = "From one time to the next, the longest there is"
  value       = local.rate != null ? tonumber(local.rate[0]) * local.units[local.rate[1]] : local.cron_minutes * 60
}
