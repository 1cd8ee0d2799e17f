output "role_arns" {
  description = "For aws_principals of the CA's module, in the CA's account"
  value       = [for role in aws_iam_role.workload : role.arn]
}

output "instance_profile" {
  description = "For EC2 instances"
  value       = aws_iam_instance_profile.ec2.name
}
