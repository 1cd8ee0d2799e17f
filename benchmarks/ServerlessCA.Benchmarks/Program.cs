using ServerlessCA.Benchmarks;
using ServerlessCA.Benchmarks.Floor;
using ServerlessCA.Benchmarks.Rows;
using ServerlessCA.Benchmarks.Serve;

return args switch
{
    ["crl"] => CrlBenchmark.RunAll(),
    ["crl", var count, var folder] => await CrlBenchmark.RunOneAsync(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), folder),
    ["floor"] => await FloorBenchmark.RunAsync(page: null),
    ["floor", var page] => await FloorBenchmark.RunAsync(page),
    ["issue"] => await IssueBenchmark.RunAsync(),
    ["lambda"] => await LambdaBenchmark.RunAsync(),
    ["list"] => await ListBenchmark.RunAsync(),
    ["reads"] => await ReadBenchmark.RunAsync(),
    ["runs", "first" or "second" or "third", var folder] => await RunBenchmark.RunOneAsync(args[1], folder),
    ["rows", "one", var count, var folder] => await RowsBenchmark.RunOneAsync(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), folder),
    ["rows", .. var sizes] => RowsBenchmark.RunAll([.. sizes.Select(int.Parse)]),
    ["runs", "fill", var count, var folder] => RunBenchmark.Fill(folder, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)),
    ["runs", .. var sizes] => RunBenchmark.RunAll([.. sizes.Select(int.Parse)]),
    ["serve"] => await ServeLoad.RunAsync(program: null, attack: null),
    ["serve", var program] => await ServeLoad.RunAsync(program, attack: null),
    ["serve", var program, var attack] => await ServeLoad.RunAsync(program, attack),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: crl | floor [page.md] | issue | lambda | list | reads | rows [COUNT...] | runs [COUNT...] | serve [serverless-ca.dll [forged | silent | events]]");
    return 2;
}
