using System.Text;
using CsCheck;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Inventory;

/// <summary>Checks the marks of pages, which come back from clients, and the order and folding of names.</summary>
public sealed class InventoryCursorTests
{
    // Any UTF-16 but halves of pairs, which no certificate has.
    private static readonly Gen<string> Names = Gen.String[0, 20].Where(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text);

    [Fact]
    public void A_mark_comes_back_as_it_went() => Gen.Select(Names, Gen.Int[1, int.MaxValue], Gen.Int[0, 1_000_000], Gen.Int[0, 3], Gen.Bool).Sample((name, serial, seconds, sort, revoked) =>
    {
        var order = (InventorySort)sort;
        CertificateRecord record = Some.Record(name, serial) with
        {
            Expires = Some.Time.AddSeconds(seconds), Revoked = revoked ? new CertificateRevocation(Some.Time.AddSeconds(seconds / 2)) : null,
        };

        var cursor = InventoryCursor.After(order, InventoryRow.Of(record, Some.Time));

        Assert.True(InventoryCursor.TryParse(cursor.Text, order, out InventoryCursor? read));
        Assert.Equal(cursor, read);
        Assert.False(InventoryCursor.TryParse(cursor.Text, (InventorySort)((sort + 1) % 4), out _));
        Assert.Matches("^[A-Za-z0-9_-]+$", cursor.Text);
    });

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("a")]
    [InlineData("%00")]
    [InlineData("\u00fc")]
    [InlineData("MQ")]
    [InlineData("MQpuYW1lCnRvbW9ycm93Cm5ldmVyCgoxCmE")] // 1, name, tomorrow, never, "", 1, a
    public void Another_text_is_no_mark(string text) => Assert.False(InventoryCursor.TryParse(text, InventorySort.Name, out _));

    [Fact]
    public void No_text_is_too_odd_to_be_refused() => Gen.String.Sample(text => Assert.False(InventoryCursor.TryParse(text, InventorySort.Name, out _)));

    [Fact]
    public void A_text_that_is_too_long_is_refused() => Assert.False(InventoryCursor.TryParse(new string('M', 5_000), InventorySort.Name, out _));

    [Fact]
    public void Names_have_the_order_of_their_octets() => Gen.Select(Names, Names).Sample((a, b) => Assert.Equal(
        Math.Sign(Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))), Math.Sign(SearchText.Compare(a, b))));

    [Fact]
    public void Folded_texts_contain_what_the_texts_contain_whatever_the_case() => Gen.Select(Names, Names).Sample((a, b) => Assert.Equal(
        $"{a}{b}{a}".Contains(b.ToLowerInvariant(), StringComparison.OrdinalIgnoreCase),
        SearchText.Fold($"{a}{b}{a}").Contains(SearchText.Fold(b.ToLowerInvariant()), StringComparison.Ordinal)));

    [Fact]
    public void Each_character_is_folded_with_those_that_differ_in_case_alone_and_with_no_other()
    {
        string[] all = [.. Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(number => new Rune(number).ToString())];

        var byCase = all.ToLookup(text => text, StringComparer.OrdinalIgnoreCase);

        Assert.DoesNotContain(byCase, same => same.Select(SearchText.Fold).Distinct(StringComparer.Ordinal).Count() > 1);
        Assert.Equal(byCase.Count, all.Select(SearchText.Fold).Distinct(StringComparer.Ordinal).Count());
    }
}
