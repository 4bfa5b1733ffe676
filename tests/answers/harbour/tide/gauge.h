#pragma once
#include <string>
#include <vector>

namespace tide {

/// A source of water levels.
class Sensor {
public:
    virtual ~Sensor() = default;
    virtual double read() = 0;
};

/// Measures the water level with a float in a well.
class FloatGauge : public Sensor {
public:
    explicit FloatGauge(std::string port);
    double read() override;
    void calibrate(double zero, double scale = 1.0);

private:
    std::string port_;
    std::vector<double> history_;
};

/// Measures the water level from above with a radar.
class RadarGauge final : public Sensor {
public:
    double read() override;
};

enum class Quality { good, doubtful };

double smooth(const std::vector<double>& levels);

}  // namespace tide
