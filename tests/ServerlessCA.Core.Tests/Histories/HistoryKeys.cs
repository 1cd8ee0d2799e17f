using ServerlessCA.Core.Tests.Issuance;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>CSRs of a few keys that all histories share, so that keys meet again and making them costs nothing.</summary>
internal static class HistoryKeys
{
    public const int Count = 10;

    private static readonly string[] Csrs = [.. Enumerable.Range(0, Count).Select(_ => SomeRequests.Csr("CN=history.example.test"))];

    public static string Csr(int number) => Csrs[number];
}
