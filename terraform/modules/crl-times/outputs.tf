output "pauses" {
  description = "The longest pause of each schedule, in seconds: pipeline, crls"
  value       = { for name, pause in module.pause : name => pause.seconds }
}

output "pause" {
  description = "The longest pause between two CRLs, in seconds"
  value       = local.pause
}

output "least_life" {
  description = "Seconds that a CRL must be good for"
  value       = local.least_life
}

output "can_be_watched" {
  description = "Whether an alarm can tell a CRL that is overdue from one that is not due yet"
  value       = local.can_be_watched
}

# Periods under an hour may add up to a day, others to a week (PutMetricAlarm).
output "alarms" {
  description = "Period in seconds and number of periods without a CRL after which there is an alarm, by function"
  value = { for name, patience in local.patience : name => {
    for period in [patience < local.hour ? 60 : patience <= 24 * local.hour ? 300 : local.hour] : "it" => {
      period = period
      count  = max(1, floor(min(patience, local.week) / period))
    }
  }["it"] if local.can_be_watched }
}
