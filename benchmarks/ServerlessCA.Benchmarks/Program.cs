using ServerlessCA.Benchmarks;
using ServerlessCA.Benchmarks.Floor;
using ServerlessCA.Benchmarks.Results;
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
    ["serve"] => await ServeLoad.RunAsync(program: null, attack: null),
    ["serve", var program] => await ServeLoad.RunAsync(program, attack: null),
    ["serve", var program, var attack] => await ServeLoad.RunAsync(program, attack),
    [var name] when Part.All.FirstOrDefault(part => part.Name == name) is { } part => await part.MeasureAsync(new Effort(IsShort: false)),
    [var name, "--short"] when Part.All.FirstOrDefault(part => part.Name == name) is { } part => await part.MeasureAsync(new Effort(IsShort: true)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: crl | floor [page.md] | issue | lambda | list | reads | serve [serverless-ca.dll [forged | silent | events]]");
    return 2;
}
