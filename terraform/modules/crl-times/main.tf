# How often CRLs are published, how long they must live, and after what time without a CRL there is an alarm.
module "pause" {
  source   = "../pause"
  for_each = merge({ pipeline = var.pipeline }, var.crls == "" ? {} : { crls = var.crls })

  expression = each.value
}

locals {
  hour = 3600
  week = 7 * 24 * 3600 # CloudWatch looks back as far as that: EvaluationPeriods times Period

  # The shorter of the two: the other schedule only adds to it.
  pause = min([for pause in module.pause : pause.seconds]...)

  # A CRL is renewed when half of its life is over at the latest; the functions' own rule is CrlRenewal.LeastLife.
  least_life = 2 * local.pause

  # There is an alarm when half of the life is left, or earlier, when two times were missed. Never before the next one is overdue.
  patience = { for name, life in var.lives : name => max(
    min(life / 2, 2 * local.pause + local.hour),
    local.pause + max(0, min(local.hour, (life - local.pause) / 2)),
  ) }
  can_be_watched = local.pause + local.hour <= local.week
}
