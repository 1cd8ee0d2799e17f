output "name" {
  description = "Name of the bucket; whoever waits for it finds its policy and its encryption in place"
  value       = aws_s3_bucket.bucket.id

  depends_on = [
    aws_s3_bucket_policy.bucket,
    aws_s3_bucket_server_side_encryption_configuration.kms,
    aws_s3_bucket_server_side_encryption_configuration.s3,
    aws_s3_bucket_versioning.bucket,
  ]
}

output "arn" {
  description = "ARN of the bucket"
  value       = aws_s3_bucket.bucket.arn
}

output "domain_name" {
  description = "Its global host name"
  value       = aws_s3_bucket.bucket.bucket_domain_name
}

output "regional_domain_name" {
  description = "Its regional host name, for CloudFront"
  value       = aws_s3_bucket.bucket.bucket_regional_domain_name
}
