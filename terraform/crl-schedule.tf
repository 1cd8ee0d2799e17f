# CRLs are published more often than the pipeline runs, so that no CRL expires when one run is missed.
locals {
  crl_functions = ["root-ca-crl", "issuing-ca-crl"]
  crl_lives = {
    root-ca-crl    = var.root_crl_days * 86400 + var.root_crl_seconds
    issuing-ca-crl = var.issuing_crl_days * 86400 + var.issuing_crl_seconds
  }
  crl_schedule_functions = toset(var.crl_schedule == "" ? [] : local.crl_functions)

  # The message for a life that is refused: its length, the schedule, and what to change.
  crl_least_life = "twice the ${module.crl_times.pause} s that pass between two CRLs at most (crl_schedule '${var.crl_schedule}', schedule_expression '${var.schedule_expression}')"
}

module "crl_times" {
  source = "./modules/crl-times"

  pipeline = var.schedule_expression
  crls     = var.crl_schedule
  lives    = local.crl_lives
}

resource "aws_scheduler_schedule" "crl" {
  for_each = local.crl_schedule_functions

  name                = "${var.project}-${each.key}-${var.env}"
  description         = "Publishes a CRL again before half of its life is over"
  group_name          = "default"
  schedule_expression = var.crl_schedule

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.function[each.key].arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode({ scheduled = true }) # a CA that is yet to be created is no failure then

    # Calls that Lambda does not take are made again until the next one is due.
    retry_policy {
      maximum_event_age_in_seconds = min(86400, max(60, module.crl_times.pauses["crls"]))
      maximum_retry_attempts       = 185
    }

    dynamic "dead_letter_config" {
      for_each = local.schedule_dead_letters

      content {
        arn = dead_letter_config.value
      }
    }
  }

  # A rate begins when the schedule is there.
  depends_on = [aws_iam_role_policy.scheduler, aws_lambda_function_event_invoke_config.crl]
}

# No client waits for these calls, and Lambda would repeat a call twice that ended with an error: a list with an entry that
# failed would be worked through three times. The next call comes while half of the CRL's life is left. A call that Lambda
# could not start at all is started later, independently of this setting.
resource "aws_lambda_function_event_invoke_config" "crl" {
  for_each = local.crl_schedule_functions

  function_name          = module.function[each.key].name
  maximum_retry_attempts = 0
}

check "crl_alarms" {
  assert {
    condition     = !var.alarms_enabled || module.crl_times.can_be_watched
    error_message = "No alarm tells when a CRL is overdue: CloudWatch looks back seven days, and with crl_schedule '${var.crl_schedule}' and schedule_expression '${var.schedule_expression}' CRLs are published every ${module.crl_times.pause} s only. Set crl_schedule to rate(1 day) or more often."
  }
}
