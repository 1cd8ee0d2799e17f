output "arn" {
  description = "ARN without a version"
  value       = aws_lambda_function.function.arn
}

output "alias_arns" {
  description = "ARNs of the further aliases"
  value       = { for name, alias in aws_lambda_alias.further : name => alias.arn }
}

output "name" {
  description = "Name"
  value       = aws_lambda_function.function.function_name
}

output "log_group_name" {
  description = "Name of its log group"
  value       = aws_cloudwatch_log_group.function.name
}

output "role_arn" {
  description = "ARN of its role"
  value       = aws_iam_role.function.arn
}

output "policy" {
  description = "What its role may do, JSON"
  value       = aws_iam_role_policy.function.policy
}
