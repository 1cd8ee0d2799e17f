using System.Collections.Concurrent;
using ServerlessCA.Core.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Keys;

/// <summary>One key of every spec for all tests: making RSA keys takes seconds.</summary>
public static class SomeKeys
{
    private static readonly ConcurrentDictionary<(KeySpec Spec, int Number), Lazy<SoftwareKey>> Made = new();

    public static TheoryData<KeySpec> AllSpecs => [.. Enum.GetValues<KeySpec>()];

    public static SoftwareKey Root(KeySpec spec = KeySpec.EccNistP384) => Get(spec, 0);

    public static SoftwareKey Issuing(KeySpec spec = KeySpec.EccNistP256) => Get(spec, 1);

    public static SoftwareKey Other(KeySpec spec = KeySpec.EccNistP256) => Get(spec, 2);

    private static SoftwareKey Get(KeySpec spec, int number) =>
        Made.GetOrAdd((spec, number), static id => new(() => SoftwareKey.Create(id.Spec, id.Number))).Value;
}
