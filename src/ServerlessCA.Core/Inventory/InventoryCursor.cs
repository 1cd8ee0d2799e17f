using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>Marks a place in a sorted inventory: the last line of a page. What comes after it does not depend on how many lines
/// were added or removed before it. Immutable.</summary>
public sealed record InventoryCursor
{
    private const char Separator = '\n'; // stands in no part but the name, which comes last
    private const string Version = "1";
    private const int Parts = 7;
    private const int MaxLength = 4096; // characters; our decision: the largest name has some hundreds of them

    private InventoryCursor(InventorySort sort, CertificateLine line) => (Sort, Line) = (sort, line);

    /// <summary>Gets the order in which it marks a place.</summary>
    public InventorySort Sort { get; }

    /// <summary>Gets the times and names by which lines are ordered, of the last line before the place; nothing else of
    /// it.</summary>
    public CertificateLine Line { get; }

    /// <summary>Gets the text that clients give back: base64url without padding (RFC 4648 §5).</summary>
    public string Text => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(
        Separator, Version, InventoryWords.NameOf(Sort), TableTime.Text(Line.Issued), TableTime.Text(Line.Expires),
        Line.Revoked is { } revoked ? TableTime.Text(revoked.At) : "", Line.SerialNumber, Line.CommonName)));

    /// <summary>Marks the place after a line.</summary>
    public static InventoryCursor After(InventorySort sort, InventoryRow row) => new(sort, new CertificateLine
    {
        CommonName = row.CommonName,
        SerialNumber = row.SerialNumber,
        Issued = row.Issued,
        Expires = row.Expires,
        Revoked = row.Revoked is { } revoked ? new CertificateRevocation(revoked.At) : null,
    });

    /// <summary>Reads a text of <see cref="Text"/>; false for another one, as that of another order.</summary>
    /// <param name="text">What a client gave back.</param>
    /// <param name="sort">The order of the query.</param>
    /// <param name="cursor">The place.</param>
    public static bool TryParse(string text, InventorySort sort, [NotNullWhen(true)] out InventoryCursor? cursor)
    {
        cursor = null;
        if (text.Length > MaxLength || !Base64Url.IsValid(text)
            || Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Separator, Parts) is not [Version, var order, var issued, var expires, var revoked, var serial, var name]
            || order != InventoryWords.NameOf(sort))
        {
            return false;
        }

        DateTimeOffset revokedAt = default;
        if (TableTime.TryParse(issued, out DateTimeOffset from) && TableTime.TryParse(expires, out DateTimeOffset until)
            && SerialNumber.TryParse(serial, out SerialNumber number) && (revoked.Length == 0 || TableTime.TryParse(revoked, out revokedAt)))
        {
            cursor = new InventoryCursor(sort, new CertificateLine
            {
                CommonName = name,
                SerialNumber = number,
                Issued = from,
                Expires = until,
                Revoked = revoked.Length == 0 ? null : new CertificateRevocation(revokedAt),
            });
        }

        return cursor is not null;
    }
}
