"""Makes weak-rsa.json: RSA keys of 2048 bits that anybody can factor, and their neighbours that nobody can. Takes a minute."""

import json
import math
import random
import subprocess

EXPONENT = 65537
SMALL = math.prod(n for n in range(2, 4000) if all(n % d for d in range(2, math.isqrt(n) + 1)))
ROCA = math.prod(n for n in range(2, 702) if all(n % d for d in range(2, math.isqrt(n) + 1)))  # for keys of 2048 bits

random.seed(20300101)


def is_prime(n):
    return math.gcd(n, SMALL) == 1 and pow(2, n - 1, n) == 1 and "is prime" in subprocess.run(
        ["openssl", "prime", "-hex", f"{n:x}"], capture_output=True, text=True, check=True).stdout


def next_prime(n):
    n = n + 1 | 1
    while not is_prime(n):
        n += 2
    return n


def key(p, q):
    totient = (p - 1) * (q - 1) if p != q else p * (p - 1)
    return {"n": f"{p * q:x}", "d": f"{pow(EXPONENT, -1, totient):x}"}


def with_factor(factor):
    return key(factor, next_prime(random.randrange((1 << 2047) // factor + 1, (1 << 2048) // factor - 1)))


def prime():
    return next_prime(random.getrandbits(1024) | 3 << 1022)


def rounds(p, q):
    """How many rounds Fermat's method takes."""
    return (p + q) // 2 - math.isqrt(p * q - 1)


def apart(distance):
    p = prime()
    return key(p, next_prime(p + distance))


def found_in(wanted):
    while True:
        p = prime()
        low, high = 0, 1 << 520
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if rounds(p, p + 2 * middle) >= wanted else (middle, high)
        q = next_prime(p + 2 * high)
        if rounds(p, q) == wanted:
            return key(p, q)


def roca():
    while True:
        rest = pow(EXPONENT, random.getrandbits(62), ROCA)
        p = random.randrange((3 << 1022) // ROCA, (1 << 1024) // ROCA) * ROCA + rest
        if is_prime(p):
            return p


square = prime()
keys = {f"factor-{factor}": with_factor(factor) for factor in (3, 65539, 1048573, 1048583)}
keys |= {"close-next": apart(1), "close": apart(3 << 514), "close-100-rounds": found_in(100), "close-101-rounds": found_in(101)}
keys |= {"square": key(square, square), "roca": key(roca(), roca())}
with open("weak-rsa.json", "w", encoding="ascii") as file:
    json.dump(keys, file, indent=1)
    file.write("\n")
