using System.IO.Compression;
using System.Text;

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Packs variables as Terraform's <c>base64gzip</c> does.</summary>
internal static class SomePacked
{
    public static string Text(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return Convert.ToBase64String(packed.ToArray());
    }
}
