using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Describes DynamoDB's errors to the operator, and says what to do.</summary>
internal static class DynamoDbFault
{
    private const string NoIndex = "does not have the specified index";
    private const string UnfinishedIndex = "backfilling";

    /// <summary>Decides whether an exception came from the service or the network.</summary>
    public static bool Is(Exception error, CancellationToken cancellation) => error
        is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
        || (error is OperationCanceledException && !cancellation.IsCancellationRequested); // a timeout of the client

    /// <summary>Makes the port's exception, which names the table and says what to do.</summary>
    /// <param name="error">The exception that the SDK threw.</param>
    /// <param name="table">The quoted name of the table, or of both.</param>
    /// <param name="action">The operation, such as <c>GetItem</c>.</param>
    /// <param name="write">Whether the operation might have stored something.</param>
    public static LedgerUnavailableException Of(Exception error, string table, string action, bool write) => new(
        $"The table {table} {Advice(error, action)} ({action}: {error.Message})", error, !write || WasRefused(error))
    {
        IsIndexMissing = LacksIndex(error) || (error is AmazonDynamoDBException { ErrorCode: "AccessDeniedException" } && Is("/index/", error)),
    };

    /// <summary>Decides whether another transaction was at work on the same item, or the table is too busy for this one:
    /// nothing was stored, and a retry helps.</summary>
    public static bool IsTransient(Exception error) => error switch
    {
        TransactionConflictException or TransactionInProgressException => true,
        TransactionCanceledException cancelled => cancelled.CancellationReasons is { Count: > 0 } reasons
            && reasons.Exists(reason => IsTransient(reason.Code)) && reasons.TrueForAll(reason => reason.Code == "None" || IsTransient(reason.Code)),
        _ => false,
    };

    private static bool IsTransient(string code) => code is "TransactionConflict" or "ThrottlingError" or "ProvisionedThroughputExceeded";

    // Refused for its content, so no earlier attempt of the same request can have succeeded either. Throttling is no such
    // refusal: the SDK repeats requests whose answer was lost, and the last of them may be throttled.
    private static bool WasRefused(Exception error) => error
        is ResourceNotFoundException or TransactionCanceledException or ConditionalCheckFailedException or IdempotentParameterMismatchException
        || (error is AmazonDynamoDBException { ErrorCode: "ValidationException" or "AccessDeniedException" or "UnrecognizedClientException" });

    private static string Advice(Exception error, string action) => error switch
    {
        ResourceNotFoundException => "does not exist, or one of the two: run 'terraform apply', and check region, account, TABLE_NAME and INDEX_TABLE_NAME.",
        _ when Is(NoIndex, error) => "lacks an index: run 'terraform apply', then 'serverless-ca migrate'.",
        _ when Is(UnfinishedIndex, error) => "has an index that is still being built: try again when its state is ACTIVE.",
        _ when Is("Item size", error) => "takes no item over 400 KB: the certificate or its event is too large.",
        AmazonDynamoDBException { ErrorCode: "AccessDeniedException" } => $"may not be used: allow the role {Permission(action)} on the table and its indexes.",
        AmazonServiceException { ErrorCode: "UnrecognizedClientException" or "ExpiredTokenException" or "InvalidSignatureException" } =>
            "cannot be reached with these credentials: renew them, and check the clock.",
        TransactionCanceledException cancelled when cancelled.CancellationReasons is { } reasons && !IsTransient(error) =>
            $"refused the write: {string.Join("; ", reasons.Where(reason => reason.Code != "None").Select(reason => $"{reason.Code} {reason.Message}"))}.",
        _ when IsTransient(error) || IsThrottled(error) => "is busy beyond its capacity or in use by other writers: try again.",
        AmazonDynamoDBException { ErrorCode: "ValidationException" } => "does not take the request: is it of the form that Terraform gives it?",
        AmazonServiceException { StatusCode: >= HttpStatusCode.InternalServerError } => "is not available at the moment: try again.",
        AmazonServiceException => "refused the request.",
        _ => "cannot be reached: check network, region and credentials, then try again.",
    };

    // A transaction needs the permissions of its parts; there is none for the transaction itself.
    private static string Permission(string action) =>
        action == "TransactWriteItems" ? "'dynamodb:PutItem' and 'dynamodb:UpdateItem'" : $"'dynamodb:{action}'";

    private static bool LacksIndex(Exception error) => Is(NoIndex, error) || Is(UnfinishedIndex, error);

    private static bool Is(string text, Exception error) => error.Message.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static bool IsThrottled(Exception error) => error is ProvisionedThroughputExceededException or RequestLimitExceededException
        or AmazonServiceException { ErrorCode: "ThrottlingException" or "Throttling" or "RequestLimitExceeded" };
}
