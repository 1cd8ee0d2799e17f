using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Aws.Kms;

/// <summary>Says in words what KMS answered, and what to do.</summary>
internal static class KmsFault
{
    /// <summary>The port's exception.</summary>
    /// <param name="alias">Which key.</param>
    /// <param name="permission">What was done.</param>
    /// <param name="fault">What came back.</param>
    public static CaKeyUnavailableException Of(string alias, string permission, Exception fault) =>
        new($"KMS key '{alias}' {Text(permission, fault)}", fault);

    private static string Text(string permission, Exception fault) => fault switch
    {
        NotFoundException => "is not there any more. Point the alias back to the CA's key.",
        DisabledException => "is disabled. Enable it.",
        KMSInvalidStateException => $"is not in use: {fault.Message} If it is to be deleted, cancel that and enable it.",
        InvalidKeyUsageException or UnsupportedOperationException =>
            $"is not a key for signing: {fault.Message} Point the alias to one with usage SIGN_VERIFY.",
        AmazonServiceException { ErrorCode: "AccessDeniedException" } =>
            $"may not be used: {fault.Message} Grant {permission} in the role's policy and the key's.",
        LimitExceededException or AmazonServiceException { ErrorCode: "ThrottlingException" } =>
            "could not be used: KMS wants fewer calls. Try again later, or raise the quota of cryptographic operations.",
        AmazonServiceException { StatusCode: >= System.Net.HttpStatusCode.InternalServerError } =>
            $"could not be used: KMS has a fault of its own ({fault.Message}). Try again later.",
        AmazonServiceException => $"could not be used: {fault.Message}",
        _ => $"could not be reached: {fault.Message} Check network, region and credentials.",
    };
}
