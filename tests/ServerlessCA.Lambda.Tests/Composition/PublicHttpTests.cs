using System.Net;
using ServerlessCA.Contracts.Downloads;
using ServerlessCA.Core.Ports;
using ServerlessCA.Lambda.Composition;

namespace ServerlessCA.Lambda.Tests.Composition;

/// <summary>Downloads as the functions of CRLs do.</summary>
public sealed class PublicHttpTests : PublicDownloadContract, IDisposable
{
    private readonly PublicHttp download = new(new WebProxy());

    protected override IPublicDownload Download => download;

    public void Dispose() => download.Dispose();
}
