namespace ServerlessCA.Emulators.Gateway;

/// <summary>One call of AWS as it went through the gateway. Immutable.</summary>
/// <param name="Caller">Whose access key signed it.</param>
/// <param name="Service">By its signing name, such as <c>dynamodb</c>.</param>
/// <param name="Operation">Such as <c>TransactWriteItems</c>.</param>
/// <param name="Permissions">What IAM must allow for it.</param>
/// <param name="Begun">Ticks of a steady clock.</param>
/// <param name="Ended">The same.</param>
public sealed record AwsCall(
    string Caller, string Service, string Operation, IReadOnlyList<AwsPermission> Permissions, long Begun, long Ended)
{
    /// <summary>How many calls a caller waited for one after another: the longest chain of calls each of which began when
    /// the one before it had ended.</summary>
    public static int LongestChain(IReadOnlyList<AwsCall> calls)
    {
        int chain = 0;
        long ended = long.MinValue;
        foreach (AwsCall call in calls.OrderBy(call => call.Ended)) // the one that ends first leaves the most room
        {
            if (call.Begun >= ended)
            {
                chain++;
                ended = call.Ended;
            }
        }

        return chain;
    }
}

/// <summary>What IAM must allow. Immutable.</summary>
/// <param name="Action">Such as <c>dynamodb:PutItem</c>.</param>
/// <param name="Resource">The resource's own name, such as that of a table, <c>table/index</c>, an alias or <c>bucket/key</c>.</param>
public readonly record struct AwsPermission(string Action, string Resource);
