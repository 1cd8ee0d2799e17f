# What the functions that publish CRLs find out about their CA, as numbers: how long its certificate is valid, and what comes from the
# public URL of its CRL. They run anyway, so nothing else has to.
locals {
  watched_cas = var.alarms_enabled ? { root-ca-crl = module.names.root_ca, issuing-ca-crl = module.names.issuing_ca } : {}

  # Lines of the functions' logs (src/ServerlessCA.Core/Operations/Outcomes.cs).
  ca_validity_pattern      = "{ $.event = \"CaValidity\" }"
  public_crl_pattern       = "{ $.event = \"PublicCrl\" }"
  public_crl_fault_pattern = "{ $.event = \"PublicCrlFault\" }"

  # The last two of the days on which the CRL functions warn (contract 12.29), but never while more than half of a CA's life is left.
  ca_end_days = {
    root-ca-crl    = min(90, floor(coalesce(var.root_ca_info.lifetime, 7300) / 2))
    issuing-ca-crl = min(90, floor(coalesce(var.issuing_ca_info.lifetime, 3650) / 2))
  }

  # An alarm stays while the last run, or the one before it, found something: these functions run every few hours, or once a day.
  watched_hours = min(168, ceil(module.crl_times.pause / 3600) + 1)

  watched_urls = { for name, ca in local.watched_cas : name => "http://${var.hosted_zone_domain}/${ca}.crl" if var.public_crl }

  ca_metrics = merge(
    { for name, ca in local.watched_cas : "${name}-CaDays" => { function = name, pattern = local.ca_validity_pattern, value = "$.daysRemaining" } },
    { for name, url in local.watched_urls : "${name}-PublicAge" => { function = name, pattern = local.public_crl_pattern, value = "$.ageSeconds" } },
    { for name, url in local.watched_urls : "${name}-PublicFaults" => { function = name, pattern = local.public_crl_fault_pattern, value = "1" } },
  )
  ca_metric_names = { for key, metric in local.ca_metrics : key => "${var.project}-${metric.function}-${var.env}-${trimprefix(key, "${metric.function}-")}" }

  ca_alarms = merge(
    { for name, ca in local.watched_cas : "${name}-CaDays" => {
      name        = "${ca}-NearEnd"
      description = "The certificate of ${ca} is valid for ${local.ca_end_days[name]} days or less, and what it issues ends with it: make a new CA beside it (docs/aws/rotation.md)."
      statistic   = "Minimum"
      comparison  = "LessThanOrEqualToThreshold"
      threshold   = local.ca_end_days[name]
    } },
    { for name, url in local.watched_urls : "${name}-PublicFaults" => {
      name        = "${local.watched_cas[name]}-PublicCrl"
      description = "${url} does not give a fresh CRL, so programs that check certificates may refuse all of them: the log of ${var.project}-${name}-${var.env} says what came."
      statistic   = "Sum"
      comparison  = "GreaterThanOrEqualToThreshold"
      threshold   = 1
    } },
  )
}

resource "aws_cloudwatch_log_metric_filter" "ca" {
  for_each = local.ca_metrics

  name           = local.ca_metric_names[each.key]
  log_group_name = module.function[each.value.function].log_group_name
  pattern        = each.value.pattern

  metric_transformation {
    name      = local.ca_metric_names[each.key]
    namespace = local.crl_namespace
    value     = each.value.value
  }
}

resource "aws_cloudwatch_metric_alarm" "ca" {
  for_each = local.ca_alarms

  alarm_name          = each.value.name
  alarm_description   = each.value.description
  namespace           = local.crl_namespace
  metric_name         = aws_cloudwatch_log_metric_filter.ca[each.key].metric_transformation[0].name
  statistic           = each.value.statistic
  period              = 3600
  evaluation_periods  = local.watched_hours
  datapoints_to_alarm = 1
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = var.tags
}
