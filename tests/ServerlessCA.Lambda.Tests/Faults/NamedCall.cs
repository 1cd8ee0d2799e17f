using System.Globalization;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>One attempt of a call of AWS among those of a run: not by its place among all calls, which differs from run to
/// run where several are made at once.</summary>
/// <param name="Operation">Such as <c>DynamoDB_20120810.Query</c>.</param>
/// <param name="Number">From 1, of this operation.</param>
internal sealed record NamedCall(string Operation, int Number)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Operation}, no. {Number}");
}
