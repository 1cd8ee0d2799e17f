# Names inside the original's modules.
moved {
  from = aws_cloudwatch_log_group.function_log_group
  to   = aws_cloudwatch_log_group.function
}

moved {
  from = aws_cloudwatch_log_subscription_filter.logs_to_s3_sentinel
  to   = aws_cloudwatch_log_subscription_filter.function
}

moved {
  from = aws_lambda_function.lambda
  to   = aws_lambda_function.function
}

moved {
  from = aws_lambda_alias.lambda
  to   = aws_lambda_alias.function
}

moved {
  from = aws_lambda_permission.lambda_invoke
  to   = aws_lambda_permission.invoke
}
