using ServerlessCA.Benchmarks;

return args switch
{
    ["crl"] => CrlBenchmark.RunAll(),
    ["crl", var count, var folder] => await CrlBenchmark.RunOneAsync(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), folder),
    ["issue"] => await IssueBenchmark.RunAsync(),
    ["lambda"] => await LambdaBenchmark.RunAsync(),
    ["reads"] => await ReadBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: crl | issue | lambda | reads");
    return 2;
}
