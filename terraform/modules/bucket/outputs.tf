output "name" {
  description = "Name of the bucket; its policy is in place"
  value       = aws_s3_bucket.bucket.id
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
