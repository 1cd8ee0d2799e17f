using CsCheck;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class DistinguishedNameMutationTests
{
    [Fact]
    public void Mutated_DER_never_throws() => Gen.Select(
        SomeNames.Attribute.Array[1, 6],
        Gen.Select(Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 3]).Array[1, 6]).Sample(
        (attributes, changes) =>
        {
            List<byte> der = [.. DistinguishedName.Of(attributes).Der.ToArray()];
            foreach ((int position, byte octet, int kind) in changes)
            {
                Mutate(der, position % der.Count, octet, kind);
                AssertReadsOrRefuses([.. der]);
                der.Add(octet); // the next change, or data after the name
                AssertReadsOrRefuses([.. der]);
            }
        },
        iter: 5_000);

    [Fact]
    public void Changed_values_are_often_read_so_that_the_test_above_means_something()
    {
        byte[] der = DistinguishedName.Of([SomeNames.Utf8("2.5.4.3", "some name")]).Der.ToArray();
        int read = 0;
        for (int bit = 0; bit < 8 * der.Length; bit++)
        {
            byte[] changed = [.. der];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertReadsOrRefuses(changed);
            read += DistinguishedName.TryDecode(changed, out _) ? 1 : 0;
        }

        Assert.InRange(read, 9 * 8, (8 * der.Length) - 40);
    }

    [Fact]
    public void Any_octets_never_throw() =>
        Gen.Byte.Array[0, 64].Sample(AssertReadsOrRefuses, iter: 20_000);

    private static void Mutate(List<byte> der, int at, byte octet, int kind)
    {
        switch (kind)
        {
            case 0:
                der[at] = octet;
                break;
            case 1:
                der[at] ^= (byte)(1 << (octet & 7));
                break;
            case 2:
                der.Insert(at, octet);
                break;
            default:
                der.RemoveRange(at, Math.Min(der.Count - at, octet & 3));
                break;
        }
    }

    private static void AssertReadsOrRefuses(byte[] der)
    {
        if (DistinguishedName.TryDecode(der, out DistinguishedName? name))
        {
            Assert.Equal(der, name.Der);
            Assert.NotNull(name.ToString());
            Assert.All(name.Rdns, Assert.NotEmpty);
        }
    }
}
